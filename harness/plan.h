// What a run would cost, measured on one micro-batch.
#pragma once

#include <string>
#include <vector>

#include "harness/setup.h"

namespace misfire {

struct StepCost {
    std::string name;           // model, or shift
    double milliseconds = 0.0;  // per sample, one thread
};

struct RunPlan {
    std::size_t cells = 0;
    std::size_t skipped_cells = 0;
    std::size_t tiles = 0;
    std::size_t samples = 0;
    std::size_t forward_passes = 0;     // samples through a model
    std::size_t perturbed_samples = 0;  // paid once for all models of a geometry
    double decode_milliseconds = 0.0;   // per sample
    std::vector<StepCost> models;
    std::vector<StepCost> shifts;  // at the highest level
    double seconds = 0.0;          // estimate for `threads`
    double bytes = 0.0;            // estimate of peak memory
};

// Runs one micro-batch through every model and up to 16 samples through every shift to estimate.
RunPlan plan_run(const Setup& setup, int threads);

}  // namespace misfire
