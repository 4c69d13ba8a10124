// Values with their 95 % intervals.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/outcome.h"

namespace misfire {

inline constexpr int bootstrap_replicates = 1000;  // pinned: a change changes every interval

struct Bounds {
    double low;
    double high;
};

// Wilson score interval without continuity correction (Wilson, JASA 22, 1927). Requires 0 <= hits <= n, n > 0.
Bounds wilson_interval(std::int64_t hits, std::int64_t n);

// Bias-corrected percentile interval (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section 14.3 with a
// = 0) of replicate values; NaN among them are left out (both bounds NaN when they are more than 5 %). Quantiles
// interpolate linearly. Where all replicates lie on one side of the value the interval is extended to contain it.
Bounds bias_corrected_interval(double value, std::span<const double> replicates);

// Resampled weights of a list of entries: units (sources: entries that stem from one sample stay together) are drawn
// with replacement, as many as there are, within each stratum. Replicate r is a function of (key, r) alone.
class Resampling {
  public:
    // sources: any number per entry that says which sample it stems from; empty: each entry is its own source.
    // strata: stratum of each entry; empty: a single one. A source within two strata counts as two units.
    Resampling(std::uint64_t key, std::size_t entries, std::span<const std::uint32_t> sources = {},
               std::span<const std::uint32_t> strata = {});

    void weights(std::uint32_t replicate, std::span<std::int32_t> out) const;
    std::size_t units() const { return unit_count_; }
    std::size_t entries() const { return entries_; }

  private:
    std::uint64_t key_;
    std::size_t entries_;
    std::size_t unit_count_;
    std::vector<std::uint32_t> unit_of_entry_;  // empty: unit i is entry i
    std::vector<std::size_t> stratum_begin_;    // units of stratum s: [begin[s], begin[s + 1])
};

// replicates[s][r]: statistic s under replicate r. The draws are shared by all statistics, which must have the same
// entries.
std::vector<std::vector<double>> bootstrap(std::span<const Statistic* const> statistics, const Resampling& resampling);

}  // namespace misfire
