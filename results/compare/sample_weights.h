// One set of bootstrap draws for everything that is compared: paired statistics need the same resamples throughout.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/outcome.h"

namespace misfire {

// A statistic and the unit (sample) whose weight each of its entries takes; an empty `units` is the identity over all
// units.
struct WeightedStatistic {
    const Statistic* statistic = nullptr;
    std::span<const std::uint32_t> units;
};

// How often each of `units` samples is drawn in each of bootstrap_replicates resamples with replacement.
class SampleWeights {
  public:
    SampleWeights(std::uint64_t key, std::size_t units, int threads);

    std::size_t units() const { return units_; }
    // [statistic][replicate]. Thread-safe.
    std::vector<std::vector<double>> draws(std::span<const WeightedStatistic> statistics) const;

  private:
    std::size_t units_;
    std::vector<std::uint8_t> counts_;  // [replicate, unit]
};

}  // namespace misfire
