// Equal-width bins of the top-label confidence, shared by the calibration errors.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/outcome.h"

namespace misfire {

inline constexpr std::size_t calibration_bins = 15;

// Bin b holds confidences in (b/15, (b+1)/15], as Guo et al., On calibration of modern neural networks, ICML 2017; 0 is
// in the first.
class BinnedConfidence {
  public:
    struct Bin {
        std::int64_t count = 0;
        std::int64_t hits = 0;
        double confidence_sum = 0.0;
    };

    explicit BinnedConfidence(const MetricInput& input);
    std::array<Bin, calibration_bins> bins(std::span<const std::int32_t> weights) const;

  private:
    struct Entry {
        double confidence;
        std::uint32_t index;  // of the weight
        std::int32_t hit;
    };
    std::vector<Entry> entries_;  // by bin, so that a bin's sums stay in registers
    std::array<std::size_t, calibration_bins + 1> begin_{};
};

}  // namespace misfire
