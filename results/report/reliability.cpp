#include "results/report/reliability.h"

#include <algorithm>
#include <cmath>

namespace misfire::report {

ReliabilityBins reliability_of(std::span<const float> confidence, std::span<const std::int8_t> correct) {
    ReliabilityBins bins;
    for (std::size_t row = 0; row < confidence.size() && row < correct.size(); ++row) {
        if (correct[row] < 0 || std::isnan(confidence[row])) continue;
        const double value = std::clamp(static_cast<double>(confidence[row]), 0.0, 1.0);
        const double place = std::ceil(value * static_cast<double>(reliability_bin_count)) - 1.0;
        ReliabilityBin& bin = bins[static_cast<std::size_t>(std::max(place, 0.0))];
        ++bin.count;
        bin.hits += correct[row];
        bin.confidence_sum += value;
    }
    return bins;
}

void add(ReliabilityBins& to, const ReliabilityBins& from) {
    for (std::size_t b = 0; b < to.size(); ++b) {
        to[b].count += from[b].count;
        to[b].hits += from[b].hits;
        to[b].confidence_sum += from[b].confidence_sum;
    }
}

}  // namespace misfire::report
