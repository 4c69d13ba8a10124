#include "results/compare/sample_weights.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/vector_clones.h"
#include "results/metrics/mean_of_rows.h"
#include "results/statistics.h"

namespace misfire {
namespace {

// Replicates whose weights stay in the processor's cache while statistic after statistic is taken under them.
constexpr std::size_t together = 8;
constexpr std::size_t lanes = 8;

// Sum of weight times value and of weights, in partial sums whose order no instruction set changes.
MISFIRE_VECTOR_CLONES
double weighted_mean(const double* weights, const double* values, std::size_t n) {
    double sum[lanes] = {};
    double count[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            sum[lane] += weights[i + lane] * values[i + lane];
            count[lane] += weights[i + lane];
        }
    }
    for (; i < n; ++i) {
        sum[0] += weights[i] * values[i];
        count[0] += weights[i];
    }
    double total = 0.0;
    double all = 0.0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        total += sum[lane];
        all += count[lane];
    }
    return all == 0.0 ? std::numeric_limits<double>::quiet_NaN() : total / all;
}

// The weights of one replicate in the two forms in which statistics take them.
struct Row {
    std::vector<std::int32_t> whole;
    std::vector<double> real;
};

double value_under(const WeightedStatistic& wanted, const Row& row, std::vector<std::int32_t>& whole,
                   std::vector<double>& real) {
    if (const auto* mean = dynamic_cast<const MeanOfRows*>(wanted.statistic)) {
        const std::span<const double> values = mean->values();
        if (wanted.units.empty()) return weighted_mean(row.real.data(), values.data(), values.size());
        real.resize(values.size());
        for (std::size_t i = 0; i < real.size(); ++i) real[i] = row.real[wanted.units[i]];
        return weighted_mean(real.data(), values.data(), values.size());
    }
    if (wanted.units.empty()) return wanted.statistic->value(row.whole);
    whole.resize(wanted.units.size());
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = row.whole[wanted.units[i]];
    return wanted.statistic->value(whole);
}

}  // namespace

SampleWeights::SampleWeights(std::uint64_t key, std::size_t units, int threads)
    : units_(units), counts_(units * static_cast<std::size_t>(bootstrap_replicates)) {
    const Resampling resampling(key, units);
    tbb::task_arena arena(std::max(threads, 1));
    arena.execute([&] {
        tbb::parallel_for(0, bootstrap_replicates, [&](int r) {
            std::vector<std::int32_t> weights(units_);
            resampling.weights(static_cast<std::uint32_t>(r), weights);
            std::uint8_t* out = counts_.data() + static_cast<std::size_t>(r) * units_;
            for (std::size_t i = 0; i < units_; ++i) {
                // 256 draws of one sample in n have a chance below 1e-500.
                if (weights[i] > 255) throw InternalError("SampleWeights: a sample was drawn more than 255 times");
                out[i] = static_cast<std::uint8_t>(weights[i]);
            }
        });
    });
}

std::vector<std::vector<double>> SampleWeights::draws(std::span<const WeightedStatistic> statistics) const {
    constexpr auto replicates = static_cast<std::size_t>(bootstrap_replicates);
    std::vector<std::vector<double>> draws(statistics.size(), std::vector<double>(replicates));
    std::vector<Row> rows(together, Row{std::vector<std::int32_t>(units_), std::vector<double>(units_)});
    std::vector<std::int32_t> whole;
    std::vector<double> real;
    for (std::size_t begin = 0; begin < replicates; begin += together) {
        const std::size_t end = std::min(begin + together, replicates);
        for (std::size_t r = begin; r < end; ++r) {
            const std::uint8_t* counts = counts_.data() + r * units_;
            std::copy(counts, counts + units_, rows[r - begin].whole.begin());
            std::copy(counts, counts + units_, rows[r - begin].real.begin());
        }
        for (std::size_t s = 0; s < statistics.size(); ++s) {
            for (std::size_t r = begin; r < end; ++r)
                draws[s][r] = value_under(statistics[s], rows[r - begin], whole, real);
        }
    }
    return draws;
}

}  // namespace misfire
