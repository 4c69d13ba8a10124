// How often answers of a confidence are right. Inner header of results/report/.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace misfire::report {

inline constexpr std::size_t reliability_bin_count = 15;

struct ReliabilityBin {
    std::int64_t count = 0;
    std::int64_t hits = 0;
    double confidence_sum = 0.0;
};

// Bin b holds confidences in (b/15, (b+1)/15], as the metric ece.
using ReliabilityBins = std::array<ReliabilityBin, reliability_bin_count>;

struct CellReliability {
    std::string model;
    std::string shift;
    std::string label;
    ReliabilityBins bins;
};

// correct: 1, 0, or -1 for rows that do not count; NaN confidences count nowhere.
ReliabilityBins reliability_of(std::span<const float> confidence, std::span<const std::int8_t> correct);

void add(ReliabilityBins& to, const ReliabilityBins& from);

}  // namespace misfire::report
