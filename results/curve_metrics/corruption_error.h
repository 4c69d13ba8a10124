// Corruption errors from top-1 errors: pure formulas, and the statistic that feeds them from the cells of a run.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/curve_metric.h"

namespace misfire {

// Top-1 errors (fractions) of one model under one corruption.
struct ShiftErrors {
    double sum = 0.0;    // over the levels
    double clean = 0.0;  // error on the clean data; looked at by relative errors only
    std::size_t levels = 0;
};

// What a model's errors are divided by.
enum class Normalisation { none, absolute, relative };

// none      plain mean over corruptions of the mean over levels, as a fraction (`reference` is not looked at)
// absolute  100 x mean over corruptions of sum_s E(s,c) / sum_s E_ref(s,c): with AlexNet the mCE
// relative  100 x mean over corruptions of (sum_s E(s,c) - n E_clean) / (sum_s E_ref(s,c) - n E_ref,clean), n levels
// NaN where a divisor is 0, and for no corruptions. Hendrycks and Dietterich, ICLR 2019, section 4.2.
double mean_corruption_error(std::span<const ShiftErrors> model, std::span<const ShiftErrors> reference,
                             Normalisation normalisation);

// Places of the levels of a severity shift that corruption errors look at: 1 and above. Empty for other shifts.
std::vector<std::size_t> corruption_levels(const ShiftInfo& shift);

// Shifts and levels that a corruption error is taken over.
using ShiftLevels = std::vector<std::pair<std::size_t, std::vector<std::size_t>>>;
ShiftLevels severity_shifts(const CurveMetricInput& input);

// Why errors of a model are missing that the shifts (and the clean data, where asked) need; "" for none.
std::string missing_errors(const CurveMetricInput& input, std::size_t model, const ShiftLevels& shifts,
                           bool with_clean);

// Of model `model` relative to model `reference` of the run, or to fixed errors (one entry per shift).
std::unique_ptr<CurveStatistic> corruption_error_of(const CurveMetricInput& input, std::size_t model,
                                                    const ShiftLevels& shifts, Normalisation normalisation,
                                                    std::vector<ShiftErrors> fixed_reference = {},
                                                    std::optional<std::size_t> reference_model = std::nullopt);

}  // namespace misfire
