// misfire_monitors_bench: what a monitor costs on one thread. Rows `monitor/<name>`; for streaming monitors items are
// updates over an endless mixture of good and bad spells (an alarm every few thousand values), for batch monitors a
// test of 2,000 against 2,000 rows of 10 features, for estimators 2,000 rows of 10 classes.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/random.h"
#include "results/monitors/registry.h"
#include "results/monitors/settings.h"

namespace misfire {
namespace {

constexpr std::size_t rows = 2000;
constexpr std::size_t columns = 10;

std::string specification_of(const MonitorInfo& info) {
    return info.name == "e_detector" ? "e_detector:baseline=0.3" : info.name;
}

// Errors with rate 0.2, or 0.4 in every fourth spell of 4096; normal values for monitors of any number.
std::vector<double> stream_for(MonitorInput input) {
    std::vector<float> draws(1U << 16);
    std::vector<double> stream;
    const bool normal = input == MonitorInput::value;
    if (normal)
        Random(3).normal(draws, 0);
    else
        Random(3).uniform(draws, 0);
    for (std::size_t i = 0; i < draws.size(); ++i) {
        const bool bad = i / 4096 % 4 == 3;
        const bool error = draws[i] < (bad ? 0.4F : 0.2F);
        stream.push_back(normal ? static_cast<double>(draws[i]) + (bad ? 0.5 : 0.0)
                                : ((input == MonitorInput::correct) != error ? 1.0 : 0.0));
    }
    return stream;
}

void stream(benchmark::State& state, const MonitorEntry* entry) {
    const MonitorSpecification specification = parse_monitor(specification_of(entry->info));
    const auto monitor = entry->make_stream(specification.settings);
    const std::vector<double> values = stream_for(entry->info.input);
    for (auto _ : state) {
        for (const double value : values) benchmark::DoNotOptimize(monitor->update(value));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(values.size()));
}

std::vector<double> normal_rows(std::uint64_t seed) {
    std::vector<float> draws(rows * columns);
    Random(seed).normal(draws, 0);
    return {draws.begin(), draws.end()};
}

std::vector<double> probability_rows(std::uint64_t seed) {
    std::vector<double> values = normal_rows(seed);
    for (std::size_t r = 0; r < rows; ++r) {
        double sum = 0.0;
        for (std::size_t c = 0; c < columns; ++c)
            sum += values[r * columns + c] = std::exp(2.0 * values[r * columns + c]);
        for (std::size_t c = 0; c < columns; ++c) values[r * columns + c] /= sum;
    }
    return values;
}

void batch(benchmark::State& state, const MonitorEntry* entry) {
    const bool probabilities = entry->info.input == MonitorInput::probabilities;
    const auto reference = probabilities ? probability_rows(1) : normal_rows(1);
    const auto current = probabilities ? probability_rows(2) : normal_rows(2);
    const auto monitor = entry->make_batch(parse_monitor(entry->info.name).settings);
    for (auto _ : state) {
        monitor->fit({reference, rows, columns});
        benchmark::DoNotOptimize(monitor->test({current, rows, columns}));
    }
}

void estimate(benchmark::State& state, const MonitorEntry* entry) {
    const auto validation = probability_rows(1);
    const auto current = probability_rows(2);
    std::vector<std::int32_t> labels(rows);
    for (std::size_t r = 0; r < rows; ++r) labels[r] = static_cast<std::int32_t>(r % columns);
    const auto estimator = entry->make_estimator(parse_monitor(entry->info.name).settings);
    for (auto _ : state) {
        estimator->fit({validation, rows, columns}, labels);
        benchmark::DoNotOptimize(estimator->estimate({current, rows, columns}));
    }
}

void register_all() {
    for (const MonitorEntry* entry : all_monitors()) {
        const std::string row = "monitor/" + entry->info.name;
        const auto body = entry->info.kind == MonitorKind::streaming ? stream
                          : entry->info.kind == MonitorKind::batch   ? batch
                                                                     : estimate;
        benchmark::RegisterBenchmark(row.c_str(), body, entry)->Unit(benchmark::kMillisecond);
    }
}

}  // namespace
}  // namespace misfire

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    misfire::register_all();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
