// Samples of a cell in the order of a score: what every metric of telling known from unknown starts from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace misfire {

// Outcomes::kept["score_<name>"], higher = more in-distribution. `msp` is the column of confidences where none of its
// own is kept. Empty where the outcomes have no such score.
std::span<const float> scores_of(const Outcomes& outcomes, std::string_view score);

// In-distribution (ID) and out-of-distribution (OOD) samples of a cell. Where the cell shows OOD samples only, the ID
// ones are the reference's in the same places; each entry of the weights then stands for one of both.
class RankedScores {
  public:
    // Weighted numbers of samples of one score.
    struct Step {
        std::int64_t known = 0;    // ID
        std::int64_t unknown = 0;  // OOD
    };
    // Requires because_of_missing_sides(input, score) to be empty.
    RankedScores(const MetricInput& input, std::string_view score);

    // From the highest score to the lowest, equal ones in one step; steps that no weight falls on are left out.
    std::vector<Step> descending(std::span<const std::int32_t> weights) const;
    // With all weights 1; order of items of one score is that of the rows. For each item: side and step.
    struct Item {
        float score;
        std::uint32_t entry;
        bool unknown;
    };
    std::span<const Item> items() const { return items_; }

  private:
    std::vector<Item> items_;  // descending
};

// Sum of the steps.
RankedScores::Step total_of(std::span<const RankedScores::Step> steps);

// Why no metric of both sides has a value, "" where they have one: no such score, a score that is not a number, no OOD
// samples, no ID samples.
std::string because_of_missing_sides(const MetricInput& input, std::string_view score);

// The same for metrics over all rows of the cell.
std::string because_of_missing_scores(const MetricInput& input, std::string_view score);

}  // namespace misfire
