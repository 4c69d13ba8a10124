#include "results/metrics/selective_risk.h"

#include <algorithm>
#include <cmath>

#include "results/metrics/ranked_scores.h"

namespace misfire {

SelectiveRisk::SelectiveRisk(const MetricInput& input, std::string_view score) {
    const std::span<const float> column = scores_of(input.outcomes, score);
    for (std::uint32_t entry = 0; entry < input.rows.size(); ++entry) {
        const std::uint32_t row = input.rows[entry];
        items_.push_back({column[row], entry, input.outcomes.is_ood(row) || !input.outcomes.correct(row)});
    }
    std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.score > b.score; });
}

std::string because_of_unlabelled_rows(const MetricInput& input) {
    const auto missing = std::count_if(input.rows.begin(), input.rows.end(), [&](std::uint32_t row) {
        return input.outcomes.target[row] < 0 && input.outcomes.prediction[row] >= 0 && !input.outcomes.is_ood(row);
    });
    if (missing == 0) return "";
    return std::to_string(missing) + " of " + std::to_string(input.rows.size()) + " samples have no label";
}

std::vector<double> risk_coverage_curve(const Outcomes& outcomes, std::string_view score, std::size_t points) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < outcomes.size(); ++row) {
        if (outcomes.counts(row)) rows.push_back(row);
    }
    const MetricInput input{outcomes, nullptr, rows, 0, {}, 0};
    if (rows.empty() || !because_of_missing_scores(input, score).empty() || !because_of_unlabelled_rows(input).empty())
        return {};
    std::vector<double> curve;
    const auto n = static_cast<std::int64_t>(rows.size()), count = static_cast<std::int64_t>(points);
    SelectiveRisk(input, score)
        .for_each_coverage(std::vector<std::int32_t>(rows.size(), 1), [&](std::int64_t k, double mistakes) {
            for (auto next = static_cast<std::int64_t>(curve.size()) + 1;
                 next <= count && (next * n + count - 1) / count == k; ++next)
                curve.push_back(mistakes / static_cast<double>(k));
        });
    return curve;
}

}  // namespace misfire
