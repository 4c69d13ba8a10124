#include "results/metrics/ranked_scores.h"

#include <algorithm>
#include <cmath>

#include "core/score.h"

namespace misfire {
namespace {

bool has_known_rows(const MetricInput& input) {
    return std::any_of(input.rows.begin(), input.rows.end(),
                       [&](std::uint32_t row) { return !input.outcomes.is_ood(row); });
}

std::string no_score(std::string_view score) { return "the model gave no score `" + std::string(score) + "`"; }

// Calls visit(outcomes, row, entry, unknown) for each sample of both sides.
template <typename Visit>
void for_each_side(const MetricInput& input, Visit visit) {
    const bool own = has_known_rows(input);
    for (std::uint32_t entry = 0; entry < input.rows.size(); ++entry) {
        const std::uint32_t row = input.rows[entry];
        visit(input.outcomes, row, entry, input.outcomes.is_ood(row));
        if (!own && input.reference != nullptr && input.reference->counts(row) && !input.reference->is_ood(row))
            visit(*input.reference, row, entry, false);
    }
}

}  // namespace

std::span<const float> scores_of(const Outcomes& outcomes, std::string_view score) {
    const auto kept = outcomes.kept.find(score_column(std::string(score)));
    if (kept != outcomes.kept.end()) return kept->second;
    if (score == "msp") return outcomes.confidence;
    return {};
}

RankedScores::RankedScores(const MetricInput& input, std::string_view score) {
    const std::span<const float> own = scores_of(input.outcomes, score);
    const std::span<const float> reference = input.reference == nullptr ? own : scores_of(*input.reference, score);
    for_each_side(input, [&](const Outcomes& outcomes, std::uint32_t row, std::uint32_t entry, bool unknown) {
        items_.push_back({(&outcomes == &input.outcomes ? own : reference)[row], entry, unknown});
    });
    std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.score > b.score; });
}

std::vector<RankedScores::Step> RankedScores::descending(std::span<const std::int32_t> weights) const {
    std::vector<Step> steps;
    steps.reserve(items_.size());
    for (std::size_t i = 0; i < items_.size();) {
        Step step;
        const float score = items_[i].score;
        for (; i < items_.size() && items_[i].score == score; ++i)
            (items_[i].unknown ? step.unknown : step.known) += weights[items_[i].entry];
        if (step.known + step.unknown > 0) steps.push_back(step);
    }
    return steps;
}

RankedScores::Step total_of(std::span<const RankedScores::Step> steps) {
    RankedScores::Step total;
    for (const RankedScores::Step& step : steps) {
        total.known += step.known;
        total.unknown += step.unknown;
    }
    return total;
}

std::string because_of_missing_sides(const MetricInput& input, std::string_view score) {
    if (std::string why = because_of_missing_scores(input, score); !why.empty()) return why;
    std::size_t known = 0, unknown = 0, lost = 0;
    bool no_column = false;
    for_each_side(input, [&](const Outcomes& outcomes, std::uint32_t row, std::uint32_t, bool is_unknown) {
        const std::span<const float> column = scores_of(outcomes, score);
        (is_unknown ? unknown : known) += 1;
        if (column.empty())
            no_column = true;
        else
            lost += std::isnan(column[row]) ? 1 : 0;
    });
    if (unknown == 0) return "no out-of-distribution samples, so there is nothing to tell apart";
    if (known == 0) return "no in-distribution samples here or in the reference, so there is nothing to tell apart";
    if (no_column) return no_score(score);
    if (lost > 0) return std::to_string(lost) + " of " + std::to_string(known + unknown) + " scores are not numbers";
    return "";
}

std::string because_of_missing_scores(const MetricInput& input, std::string_view score) {
    const std::span<const float> column = scores_of(input.outcomes, score);
    if (column.empty()) return no_score(score);
    const auto lost =
        std::count_if(input.rows.begin(), input.rows.end(), [&](std::uint32_t row) { return std::isnan(column[row]); });
    if (lost == 0) return "";
    return std::to_string(lost) + " of " + std::to_string(input.rows.size()) + " scores are not numbers";
}

}  // namespace misfire
