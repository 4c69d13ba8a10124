#include "results/statistics.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/random.h"

namespace misfire {
namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();
constexpr double tail = 0.025;  // 95 % intervals everywhere

// Linear interpolation between order statistics (type 7 of Hyndman and Fan, NumPy's default). Requires sorted values.
double quantile(std::span<const double> sorted, double probability) {
    const double place = std::clamp(probability, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Bounds wilson_interval(std::int64_t hits, std::int64_t n) {
    if (n < 1 || hits < 0 || hits > n) {
        throw InternalError("wilson_interval: " + std::to_string(hits) + " hits of " + std::to_string(n));
    }
    const double z = boost::math::quantile(boost::math::normal(), 1.0 - tail);
    const double count = static_cast<double>(n);
    const double p = static_cast<double>(hits) / count;
    const double z2 = z * z;
    const double centre = (p + z2 / (2.0 * count)) / (1.0 + z2 / count);
    const double half = z / (1.0 + z2 / count) * std::sqrt(p * (1.0 - p) / count + z2 / (4.0 * count * count));
    return {hits == 0 ? 0.0 : centre - half, hits == n ? 1.0 : centre + half};
}

Bounds bias_corrected_interval(double value, std::span<const double> replicates) {
    std::vector<double> sorted;
    sorted.reserve(replicates.size());
    for (const double replicate : replicates) {
        if (!std::isnan(replicate)) sorted.push_back(replicate);
    }
    const double given = static_cast<double>(replicates.size());
    const double count = static_cast<double>(sorted.size());
    if (sorted.empty() || std::isnan(value) || count < 0.95 * given) return {nan_double, nan_double};
    std::sort(sorted.begin(), sorted.end());
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    const double below = static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
    const double share = std::clamp(below / count, 0.5 / count, 1.0 - 0.5 / count);
    const boost::math::normal normal;
    const double bias = boost::math::quantile(normal, share);
    const double z = boost::math::quantile(normal, tail);
    const double low = quantile(sorted, boost::math::cdf(normal, 2.0 * bias + z));
    const double high = quantile(sorted, boost::math::cdf(normal, 2.0 * bias - z));
    return {std::min(low, value), std::max(high, value)};
}

Resampling::Resampling(std::uint64_t key, std::size_t entries, std::span<const std::uint32_t> sources,
                       std::span<const std::uint32_t> strata)
    : key_(key), entries_(entries), unit_count_(entries), stratum_begin_{0, entries} {
    if ((!sources.empty() && sources.size() != entries) || (!strata.empty() && strata.size() != entries)) {
        throw InternalError("Resampling: sources or strata do not fit the entries");
    }
    if (sources.empty() && strata.empty()) return;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>
        units;  // (stratum, source) -> number, in this order
    const auto key_of = [&](std::size_t i) {
        return std::pair(strata.empty() ? 0U : strata[i], sources.empty() ? static_cast<std::uint32_t>(i) : sources[i]);
    };
    for (std::size_t i = 0; i < entries; ++i) units.emplace(key_of(i), 0);
    stratum_begin_ = {0};
    std::uint32_t next = 0;
    std::uint32_t stratum = units.empty() ? 0 : units.begin()->first.first;
    for (auto& [unit_key, number] : units) {
        if (unit_key.first != stratum) {
            stratum_begin_.push_back(next);
            stratum = unit_key.first;
        }
        number = next++;
    }
    stratum_begin_.push_back(next);
    unit_count_ = units.size();
    unit_of_entry_.resize(entries);
    for (std::size_t i = 0; i < entries; ++i) unit_of_entry_[i] = units.at(key_of(i));
}

void Resampling::weights(std::uint32_t replicate, std::span<std::int32_t> out) const {
    if (out.size() != entries_) throw InternalError("Resampling: one weight per entry");
    std::vector<std::int32_t> own_units(unit_of_entry_.empty() ? 0 : unit_count_);
    const std::span<std::int32_t> unit_weights = unit_of_entry_.empty() ? out : std::span(own_units);
    std::fill(unit_weights.begin(), unit_weights.end(), 0);
    const Random random(key_);
    std::int32_t draws[1024];
    for (std::size_t s = 0; s + 1 < stratum_begin_.size(); ++s) {
        const std::size_t begin = stratum_begin_[s];
        const std::size_t size = stratum_begin_[s + 1] - begin;
        for (std::size_t done = 0; done < size;) {
            const std::size_t now = std::min(size - done, std::size(draws));
            random.integers(std::span(draws, now), 0, static_cast<std::int32_t>(size), replicate, begin + done);
            for (std::size_t i = 0; i < now; ++i) ++unit_weights[begin + static_cast<std::size_t>(draws[i])];
            done += now;
        }
    }
    for (std::size_t i = 0; i < unit_of_entry_.size(); ++i) out[i] = own_units[unit_of_entry_[i]];
}

std::vector<std::vector<double>> bootstrap(std::span<const Statistic* const> statistics, const Resampling& resampling) {
    std::vector<std::vector<double>> replicates(statistics.size(), std::vector<double>(bootstrap_replicates));
    std::vector<std::int32_t> weights(resampling.entries());
    for (int r = 0; r < bootstrap_replicates; ++r) {
        resampling.weights(static_cast<std::uint32_t>(r), weights);
        for (std::size_t s = 0; s < statistics.size(); ++s) {
            replicates[s][static_cast<std::size_t>(r)] = statistics[s]->value(weights);
        }
    }
    return replicates;
}

}  // namespace misfire
