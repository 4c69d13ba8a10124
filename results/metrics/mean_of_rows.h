// Metrics that are the mean of one number per row.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome.h"

namespace misfire {

class MeanOfRows : public Statistic {
  public:
    explicit MeanOfRows(std::vector<double> values) : values_(std::move(values)) {}

    std::span<const double> values() const { return values_; }

    // Four partial sums: the compiler may not reorder a single one, and the bootstrap spends its time here.
    double value(std::span<const std::int32_t> weights) const override {
        double sum[4] = {0.0, 0.0, 0.0, 0.0};
        std::int64_t count = 0;
        const std::size_t n = values_.size();
        for (std::size_t i = 0; i < n; ++i) count += weights[i];
        std::size_t i = 0;
        for (; i + 4 <= n; i += 4) {
            for (std::size_t lane = 0; lane < 4; ++lane) sum[lane] += weights[i + lane] * values_[i + lane];
        }
        for (; i < n; ++i) sum[0] += weights[i] * values_[i];
        if (count == 0) return std::numeric_limits<double>::quiet_NaN();
        return ((sum[0] + sum[1]) + (sum[2] + sum[3])) / static_cast<double>(count);
    }

  private:
    std::vector<double> values_;
};

// number_of(row) for every entry of input.rows.
template <typename NumberOf>
std::unique_ptr<Statistic> mean_of_rows(const MetricInput& input, NumberOf number_of) {
    std::vector<double> values;
    values.reserve(input.rows.size());
    for (const std::uint32_t row : input.rows) values.push_back(static_cast<double>(number_of(row)));
    return std::make_unique<MeanOfRows>(std::move(values));
}

// For metrics of probabilities: rows without any are neither dropped silently nor counted as something.
inline std::string because_of_missing_probabilities(const MetricInput& input) {
    std::size_t missing = 0;
    for (const std::uint32_t row : input.rows) missing += input.outcomes.prediction[row] == not_finite ? 1 : 0;
    if (missing == 0) return "";
    return std::to_string(missing) + " of " + std::to_string(input.rows.size()) + " outputs are not finite";
}

// For metrics that compare with the target. A row with neither answer nor target is a wrong answer, not a missing
// label.
inline std::string because_of_missing_labels(const MetricInput& input) {
    std::size_t missing = 0;
    for (const std::uint32_t row : input.rows) {
        missing += input.outcomes.target[row] < 0 && input.outcomes.prediction[row] >= 0 ? 1 : 0;
    }
    if (missing == 0) return "";
    return std::to_string(missing) + " of " + std::to_string(input.rows.size()) + " samples have no label";
}

// For metrics of the target's probability.
inline std::string because_of_missing_loss(const MetricInput& input) {
    std::string why = because_of_missing_probabilities(input);
    return why.empty() ? because_of_missing_labels(input) : why;
}

}  // namespace misfire
