// How steady predictions are over the frames of sequences: flip probability and top-5 distance, averaged over the pairs
// of frames of a sample, then over samples, then over sequences.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/curve_metric.h"

namespace misfire {

using PairColumn = std::vector<std::int8_t> CellRows::*;  // flip or top5_distance

bool has_sequences(const CurveMetricInput& input);

// Per sample the mean over the pairs of frames that count, NaN where there is none. columns: one per frame.
std::vector<double> mean_over_pairs(const std::vector<const std::vector<std::int8_t>*>& columns);

// Why a model has no value of this column in some sequence of the run; "" where it has.
std::string missing_pairs(const CurveMetricInput& input, std::size_t model, PairColumn column);

// Mean over sequences, plain or (with a reference model) 100 x the mean of the ratios of the two models.
std::unique_ptr<CurveStatistic> stability_of(const CurveMetricInput& input, std::size_t model, PairColumn column,
                                             std::optional<std::size_t> reference_model = std::nullopt);

}  // namespace misfire
