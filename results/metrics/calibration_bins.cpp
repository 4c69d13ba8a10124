#include "results/metrics/calibration_bins.h"

#include <algorithm>
#include <cmath>

namespace misfire {
namespace {

std::size_t bin_of(double confidence) {
    const double place = std::ceil(confidence * static_cast<double>(calibration_bins)) - 1.0;
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(calibration_bins - 1)));
}

}  // namespace

BinnedConfidence::BinnedConfidence(const MetricInput& input) {
    std::array<std::vector<Entry>, calibration_bins> parts;
    for (std::size_t i = 0; i < input.rows.size(); ++i) {
        const std::uint32_t row = input.rows[i];
        const double confidence = static_cast<double>(input.outcomes.confidence[row]);
        parts[bin_of(confidence)].push_back(
            {confidence, static_cast<std::uint32_t>(i), input.outcomes.correct(row) ? 1 : 0});
    }
    for (std::size_t b = 0; b < calibration_bins; ++b) {
        entries_.insert(entries_.end(), parts[b].begin(), parts[b].end());
        begin_[b + 1] = entries_.size();
    }
}

std::array<BinnedConfidence::Bin, calibration_bins> BinnedConfidence::bins(
    std::span<const std::int32_t> weights) const {
    std::array<Bin, calibration_bins> bins;
    for (std::size_t b = 0; b < calibration_bins; ++b) {
        Bin bin;
        for (std::size_t e = begin_[b]; e < begin_[b + 1]; ++e) {
            const std::int32_t weight = weights[entries_[e].index];
            bin.count += weight;
            bin.hits += weight * entries_[e].hit;
            bin.confidence_sum += weight * entries_[e].confidence;
        }
        bins[b] = bin;
    }
    return bins;
}

}  // namespace misfire
