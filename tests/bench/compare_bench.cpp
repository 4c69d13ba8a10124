// Time of compare over two large runs: 4 models x 19 shifts x 5 levels x 10,000 samples, made up and written as a run
// writes them.
//
// usage: misfire_compare_bench <folder> [samples]      makes <folder>/a and <folder>/b where they are not there
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "results/compare/comparison.h"
#include "tests/gate_runs.h"

namespace {

using namespace misfire;

test::GateRun large(std::size_t samples, std::uint64_t luck) {
    test::GateRun run;
    run.samples = samples;
    run.models = {"resnet20", "resnet32", "resnet44", "resnet56"};
    run.shifts.clear();
    for (int s = 0; s < 19; ++s) run.shifts.push_back("shift" + std::to_string(s));
    run.levels = 5;
    run.right = [luck](std::size_t model, int shift, int level, std::size_t row) {
        const double able = test::chance_of(1, model, row);
        const double own = test::chance_of(luck, static_cast<std::uint64_t>(shift * 10 + level), row * 4 + model);
        return (able < 0.92 - 0.08 * level) != (own < 0.03);
    };
    return run;
}

double seconds_of(const std::string& folder, const std::vector<std::string>& metrics, std::size_t& rows) {
    const auto start = std::chrono::steady_clock::now();
    const ResultsFile first(folder + "/a"), second(folder + "/b");
    ComparisonOptions options;
    options.threads = 2;
    options.metrics = metrics;
    std::vector<ComparedRow> compared = compare_runs(PairedRuns(first, second, options.threads), options);
    judge(compared);
    rows = compared.size();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::fprintf(stderr, "usage: misfire_compare_bench <folder> [samples]\n");
        return 2;
    }
    const std::string folder = words[1];
    const std::size_t samples = count > 2 ? static_cast<std::size_t>(std::atoll(words[2])) : 10'000;
    for (const char* side : {"a", "b"}) {
        if (std::filesystem::exists(folder + "/" + side)) continue;
        test::write_gate_run(folder + "/" + side, large(samples, side[0] == 'a' ? 5 : 6));
    }
    for (int repeat = 0; repeat < 3; ++repeat) {
        std::size_t rows = 0;
        const double seconds = seconds_of(folder, {"accuracy"}, rows);
        std::printf("accuracy: %zu rows in %.2f s\n", rows, seconds);
    }
    return 0;
}
