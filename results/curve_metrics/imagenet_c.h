// The ImageNet-C benchmark: its corruptions, AlexNet's errors, and whether a run is one of it.
#pragma once

#include <span>
#include <string>

#include "results/curve_metrics/corruption_error.h"

namespace misfire {

struct BenchmarkCorruption {
    const char* name;
    double alexnet_error;  // top-1, mean over severities 1 to 5 of the published 224 x 224 images
};

// The 15 of the benchmark in the published order (hendrycks/robustness at 8190fe3).
std::span<const BenchmarkCorruption> imagenet_c_corruptions();
inline constexpr double alexnet_clean_error = 0.435;

// AlexNet's errors over five levels, in the order of imagenet_c_corruptions().
std::vector<ShiftErrors> alexnet_errors();

// Why a model of a run has no mCE: data that do not say `benchmark: imagenet`, other than 1000 classes or 224 x 224
// images, a corruption or level that is missing. "" where it has one.
std::string no_imagenet_c_because(const CurveMetricInput& input, std::size_t model);

// The benchmark's shifts of the run with their levels 1 to 5, in the published order. Requires
// no_imagenet_c_because() to be empty.
ShiftLevels imagenet_c_shifts(const CurveMetricInput& input);

}  // namespace misfire
