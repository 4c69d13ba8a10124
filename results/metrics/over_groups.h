// Metrics that compare the groups of a cell: the mean of one number per row, taken in each group.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "core/outcome.h"

namespace misfire {

struct ExtremeGroups {
    double lowest = std::numeric_limits<double>::quiet_NaN();
    double highest = std::numeric_limits<double>::quiet_NaN();
};

// `of_groups` makes one number of the lowest and the highest mean among the groups that have rows.
template <typename OfGroups>
class GroupMeans : public Statistic {
  public:
    GroupMeans(const MetricInput& input, std::vector<double> values, OfGroups of_groups)
        : values_(std::move(values)),
          groups_(input.groups.begin(), input.groups.end()),
          group_count_(input.group_count),
          of_groups_(of_groups) {}

    double value(std::span<const std::int32_t> weights) const override {
        std::vector<double> sums(group_count_, 0.0);
        std::vector<std::int64_t> counts(group_count_, 0);
        for (std::size_t i = 0; i < values_.size(); ++i) {
            counts[groups_[i]] += weights[i];
            sums[groups_[i]] += weights[i] * values_[i];
        }
        ExtremeGroups found;
        for (std::size_t g = 0; g < group_count_; ++g) {
            if (counts[g] == 0) continue;
            const double mean = sums[g] / static_cast<double>(counts[g]);
            found.lowest = std::isnan(found.lowest) ? mean : std::min(found.lowest, mean);
            found.highest = std::isnan(found.highest) ? mean : std::max(found.highest, mean);
        }
        return of_groups_(found);
    }

  private:
    std::vector<double> values_;
    std::vector<std::uint32_t> groups_;
    std::size_t group_count_;
    OfGroups of_groups_;
};

// number_of(row) for every entry of input.rows.
template <typename NumberOf, typename OfGroups>
std::unique_ptr<Statistic> over_groups(const MetricInput& input, NumberOf number_of, OfGroups of_groups) {
    std::vector<double> values;
    values.reserve(input.rows.size());
    for (const std::uint32_t row : input.rows) values.push_back(static_cast<double>(number_of(row)));
    return std::make_unique<GroupMeans<OfGroups>>(input, std::move(values), of_groups);
}

inline double gap_of(const ExtremeGroups& groups) { return groups.highest - groups.lowest; }

}  // namespace misfire
