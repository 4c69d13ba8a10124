// Means over samples of numbers that some samples may lack.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/curve_metric.h"

namespace misfire {

// Mean of one number per sample over the samples that have one (not NaN); NaN where none has.
class SampleMean {
  public:
    explicit SampleMean(const std::vector<double>& values);
    double value(std::span<const std::int32_t> weights) const;
    const std::vector<std::uint8_t>& counts() const { return counts_; }

  private:
    std::vector<double> values_;        // 0 where there is none
    std::vector<std::uint8_t> counts_;  // 0 where there is none
};

// Sum over cells of the mean of a column. Cells in which the same samples count share one pass.
class SumOfCellMeans {
  public:
    explicit SumOfCellMeans(const std::vector<const std::vector<std::int8_t>*>& columns);
    double value(std::span<const std::int32_t> weights) const;
    // Sets take_part[i] for each sample that counts in some cell.
    void mark(std::vector<bool>& take_part) const;

  private:
    std::vector<SampleMean> means_;
};

// True where no entry of a column counts.
bool is_empty(const std::vector<std::int8_t>& column);

}  // namespace misfire
