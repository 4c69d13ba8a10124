// Hallucinations: the out-of-distribution samples of which a model is most certain.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "results/run_record.h"

namespace misfire {

inline constexpr std::size_t confident_per_class = 10;

struct ConfidentOod {
    std::string cell;
    std::string model;
    std::string shift;
    std::string label;             // of the level
    std::int32_t prediction = -1;  // class index among the outputs
    std::string class_name;        // "" where unknown
    std::int32_t rank = 0;         // among those of the cell that the model takes for this class, from 1
    std::int32_t row = -1;         // canonical row of the sample in whose place it stands
    std::string id;                // of that sample
    std::string ood_id;            // of the image in its set; "" for one generated for the place
    float confidence = 0.0F;
};

// Up to confident_per_class for every class that the model answers, by class and falling confidence, equal ones by row.
// Empty where the cell shows nothing out of distribution.
std::vector<ConfidentOod> most_confident_ood(const RunRecord& record, const Cell& cell, const Outcomes& outcomes);

}  // namespace misfire
