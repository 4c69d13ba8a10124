// What metrics of a regression share.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"

namespace misfire {

// Answer minus truth of a row. Requires a regression's outcomes.
inline double error_of_row(const Outcomes& outcomes, std::uint32_t row) {
    return static_cast<double>(outcomes.kept.at(value_column)[row]) -
           static_cast<double>(outcomes.kept.at(actual_column)[row]);
}

// Rows whose answer is not finite are neither dropped silently nor counted as something.
inline std::string because_of_missing_answers(const MetricInput& input) {
    if (!input.outcomes.kept.contains(value_column)) return "the model gives no number";
    std::size_t missing = 0;
    for (const std::uint32_t row : input.rows) missing += std::isfinite(error_of_row(input.outcomes, row)) ? 0 : 1;
    if (missing == 0) return "";
    return std::to_string(missing) + " of " + std::to_string(input.rows.size()) + " answers are not finite";
}

inline std::string because_of_missing_quantiles(const MetricInput& input) {
    if (input.quantiles.empty())
        return "the model gives no quantiles (its card would say `quantiles: [0.1, 0.5, 0.9]`)";
    const std::string why = because_of_missing_answers(input);
    if (!why.empty()) return why;
    const std::vector<float>& answers = input.outcomes.kept.at(quantiles_column);
    const std::size_t width = input.quantiles.size();
    std::size_t missing = 0;
    for (const std::uint32_t row : input.rows) {
        const auto first = answers.begin() + static_cast<std::ptrdiff_t>(row * width);
        const auto last = first + static_cast<std::ptrdiff_t>(width);
        missing += std::all_of(first, last, [](float answer) { return std::isfinite(answer); }) ? 0 : 1;
    }
    if (missing == 0) return "";
    return std::to_string(missing) + " of " + std::to_string(input.rows.size()) +
           " rows have quantiles that are not finite";
}

}  // namespace misfire
