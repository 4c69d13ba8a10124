// Selective prediction: who refuses the samples of the lowest scores makes fewer mistakes on the others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace misfire {

// Mistakes among the k samples of the highest scores, for every k. An out-of-distribution sample that is not refused is
// a mistake: no answer to it is right. Samples of one score are taken in no order: as many mistakes as on average.
class SelectiveRisk {
  public:
    // Requires because_of_missing_scores() and because_of_unlabelled_rows() to be empty.
    SelectiveRisk(const MetricInput& input, std::string_view score);

    // Calls visit(k, mistakes among the first k) for k = 1 to the sum of the weights, in order.
    template <typename Visit>
    void for_each_coverage(std::span<const std::int32_t> weights, Visit visit) const {
        std::int64_t taken = 0, mistakes = 0;
        for (std::size_t i = 0; i < items_.size();) {
            std::int64_t count = 0, wrong = 0;
            const float score = items_[i].score;
            for (; i < items_.size() && items_[i].score == score; ++i) {
                count += weights[items_[i].entry];
                wrong += items_[i].wrong ? weights[items_[i].entry] : 0;
            }
            const double share = count == 0 ? 0.0 : static_cast<double>(wrong) / static_cast<double>(count);
            for (std::int64_t j = 1; j <= count; ++j)
                visit(taken + j, static_cast<double>(mistakes) + share * static_cast<double>(j));
            taken += count;
            mistakes += wrong;
        }
    }

  private:
    struct Item {
        float score;
        std::uint32_t entry;
        bool wrong;
    };
    std::vector<Item> items_;  // by descending score
};

// Why there is no risk: a known sample without a label; "" where there is one.
std::string because_of_unlabelled_rows(const MetricInput& input);

// Share of mistakes among the accepted samples at coverages 1/points, 2/points, ..., 1 (rounded up to whole samples);
// empty where it is undefined.
std::vector<double> risk_coverage_curve(const Outcomes& outcomes, std::string_view score, std::size_t points);

}  // namespace misfire
