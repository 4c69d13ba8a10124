// What metrics relative to a model of the run share.
#pragma once

#include <string>

#include "core/curve_metric.h"

namespace misfire {

// Why a ratio of two models is undefined: no reference model, or what why(index of a model) says of either.
template <typename Why>
std::string because_of_either(const CurveMetricInput& input, std::size_t model, Why why) {
    if (!input.reference_model) return "the scenario names no `reference_model`";
    const std::string own = why(model);
    return own.empty() ? why(*input.reference_model) : own;
}

}  // namespace misfire
