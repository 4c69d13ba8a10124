#include "results/curve_metrics/sample_means.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace misfire {

SampleMean::SampleMean(const std::vector<double>& values) : values_(values), counts_(values.size(), 1) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (!std::isnan(values_[i])) continue;
        values_[i] = 0.0;
        counts_[i] = 0;
    }
}

double SampleMean::value(std::span<const std::int32_t> weights) const {
    double sum = 0.0;
    std::int64_t count = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        sum += weights[i] * values_[i];
        count += weights[i] * counts_[i];
    }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

SumOfCellMeans::SumOfCellMeans(const std::vector<const std::vector<std::int8_t>*>& columns) {
    std::map<std::vector<bool>, std::vector<double>> by_mask;
    for (const std::vector<std::int8_t>* column : columns) {
        std::vector<bool> mask(column->size());
        for (std::size_t i = 0; i < column->size(); ++i) mask[i] = (*column)[i] >= 0;
        auto& sum = by_mask.try_emplace(std::move(mask), column->size(), 0.0).first->second;
        for (std::size_t i = 0; i < column->size(); ++i) {
            sum[i] += (*column)[i] >= 0 ? (*column)[i] : std::numeric_limits<double>::quiet_NaN();
        }
    }
    for (const auto& [mask, sum] : by_mask) means_.emplace_back(sum);
}

double SumOfCellMeans::value(std::span<const std::int32_t> weights) const {
    double sum = 0.0;
    for (const SampleMean& mean : means_) sum += mean.value(weights);
    return sum;
}

void SumOfCellMeans::mark(std::vector<bool>& take_part) const {
    for (const SampleMean& mean : means_) {
        take_part.resize(std::max(take_part.size(), mean.counts().size()));
        for (std::size_t i = 0; i < mean.counts().size(); ++i) take_part[i] = take_part[i] || mean.counts()[i] != 0;
    }
}

bool is_empty(const std::vector<std::int8_t>& column) {
    return std::all_of(column.begin(), column.end(), [](std::int8_t entry) { return entry < 0; });
}

}  // namespace misfire
