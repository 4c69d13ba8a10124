#include "results/compare/sample_weights.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

#include "core/error.h"
#include "core/vector_clones.h"
#include "results/metrics/mean_of_rows.h"
#include "results/statistics.h"

namespace misfire {
namespace {

// Replicates whose weights stay in the processor's cache while statistic after statistic is taken under them.
constexpr std::size_t together = 8;

// Sum of weight times value, in partial sums whose order no instruction set changes.
MISFIRE_VECTOR_CLONES
double weighted_sum(const double* weights, const double* values, std::size_t n) {
    constexpr std::size_t lanes = 16;
    double sum[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += weights[i + lane] * values[i + lane];
    }
    for (; i < n; ++i) sum[0] += weights[i] * values[i];
    double total = 0.0;
    for (const double part : sum) total += part;
    return total;
}

// The same of values 0 and 1: every partial sum is a whole number below 2^24, so floats are exact.
MISFIRE_VECTOR_CLONES
double weighted_count(const float* weights, const float* values, std::size_t n) {
    constexpr std::size_t lanes = 64;
    float sum[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += weights[i + lane] * values[i + lane];
    }
    for (; i < n; ++i) sum[0] += weights[i] * values[i];
    double total = 0.0;
    for (const float part : sum) total += static_cast<double>(part);
    return total;
}

constexpr std::size_t most_exact_units = std::size_t{1} << 24;

// A statistic in the form in which it is quickest to take.
struct Prepared {
    const WeightedStatistic* wanted = nullptr;
    std::span<const double> values;  // of a mean over all units
    std::vector<float> binary;       // the same where all are 0 or 1
};

Prepared prepared(const WeightedStatistic& wanted, std::size_t units) {
    Prepared result{&wanted, {}, {}};
    const auto* mean = dynamic_cast<const MeanOfRows*>(wanted.statistic);
    if (mean == nullptr || !wanted.units.empty() || mean->values().size() != units) return result;
    result.values = mean->values();
    const bool is_binary = units < most_exact_units && std::all_of(result.values.begin(), result.values.end(),
                                                                   [](double v) { return v == 0.0 || v == 1.0; });
    if (!is_binary) return result;
    for (const double value : result.values) result.binary.push_back(static_cast<float>(value));
    return result;
}

// The weights of one replicate in the forms that the statistics at hand take.
struct Row {
    std::vector<std::int32_t> whole;
    std::vector<double> real;
    std::vector<float> single;
};

struct Forms {
    bool whole = false;
    bool real = false;
    bool single = false;
};

double value_under(const Prepared& statistic, const Row& row, std::vector<std::int32_t>& gathered) {
    // As many are drawn as there are units.
    if (!statistic.binary.empty())
        return weighted_count(row.single.data(), statistic.binary.data(), statistic.binary.size()) /
               static_cast<double>(statistic.binary.size());
    if (!statistic.values.empty())
        return weighted_sum(row.real.data(), statistic.values.data(), statistic.values.size()) /
               static_cast<double>(statistic.values.size());
    const std::span<const std::uint32_t> units = statistic.wanted->units;
    if (units.empty()) return statistic.wanted->statistic->value(row.whole);
    gathered.resize(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) gathered[i] = row.whole[units[i]];
    return statistic.wanted->statistic->value(gathered);
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
    std::vector<Prepared> all;
    Forms forms;
    for (const WeightedStatistic& wanted : statistics) {
        all.push_back(prepared(wanted, units_));
        (!all.back().binary.empty() ? forms.single : !all.back().values.empty() ? forms.real : forms.whole) = true;
    }
    std::vector<std::vector<double>> draws(statistics.size(), std::vector<double>(replicates));
    std::vector<Row> rows(together);
    std::vector<std::int32_t> gathered;
    for (std::size_t begin = 0; begin < replicates; begin += together) {
        const std::size_t end = std::min(begin + together, replicates);
        for (std::size_t r = begin; r < end; ++r) {
            const std::uint8_t* counts = counts_.data() + r * units_;
            Row& row = rows[r - begin];
            if (forms.whole) row.whole.assign(counts, counts + units_);
            if (forms.real) row.real.assign(counts, counts + units_);
            if (forms.single) row.single.assign(counts, counts + units_);
        }
        for (std::size_t s = 0; s < all.size(); ++s) {
            for (std::size_t r = begin; r < end; ++r) draws[s][r] = value_under(all[s], rows[r - begin], gathered);
        }
    }
    return draws;
}

}  // namespace misfire
