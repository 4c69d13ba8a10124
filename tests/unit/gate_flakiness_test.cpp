// How often the gate is red without a reason, and how often it sees a true regression: trials of made-up answers whose
// truth is known. The table of docs/ci.md comes from tests/bench/gate_power.cpp.
#include <gtest/gtest.h>

#include <iostream>

#include "results/checks/evaluate_checks.h"
#include "results/statistics.h"
#include "scenarios/scenario_checks.h"
#include "tests/gate_runs.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::chance_of;
using test::Folder;
using test::GateRun;
using Outcome = CheckResult::Outcome;

// A sample has one ability for all cells; each model answers with noise of its own. `swap`: share of answers at which
// two models differ by luck alone, `drop`: share of samples at which the second is worse everywhere.
struct Trial {
    std::uint64_t number;
    std::size_t samples;
    int levels;
    double swap;
    double drop;
};

GateRun answers(const Trial& trial, bool second) {
    GateRun run;
    run.samples = trial.samples;
    run.levels = trial.levels;
    run.shifts = {"fog", "snow", "noise"};
    run.seed = trial.number;
    run.id_prefix = "trial" + std::to_string(trial.number) + "/";
    run.right = [trial, second](std::size_t, int shift, int level, std::size_t row) {
        const auto cell = static_cast<std::uint64_t>(shift + 1) * 100 + static_cast<std::uint64_t>(level);
        const bool able = chance_of(trial.number, 1, row) < 0.9 - 0.08 * level;
        const bool own = chance_of(trial.number, second ? 3 + cell * 2 : 2 + cell * 2, row) < 0.5 * trial.swap;
        const bool hurt = second && shift >= 0 && chance_of(trial.number, 5, row) < trial.drop;
        return able != own && !hurt;
    };
    return run;
}

const std::vector<std::string>& gate() {
    static const std::vector<std::string> texts = {
        "metric=accuracy.area,combine=mean,max_regression=0", "metric=accuracy.area,max_regression=0",
        "metric=accuracy,levels=2,max_regression=0", "metric=accuracy,shift=clean,max_regression=0"};
    return texts;
}

struct Counts {
    int trials = 0;
    int red = 0;
    int area_red = 0;
};

Counts run_trials(const Folder& folder, int trials, std::size_t samples, double swap, double drop, bool only_area) {
    const KnownMetrics known({"accuracy"});
    std::vector<CheckSpec> checks;
    for (const std::string& text : gate()) {
        checks.push_back(parse_check(text, known));
        if (only_area) break;
    }
    Counts counts;
    for (int t = 0; t < trials; ++t) {
        const Trial trial{static_cast<std::uint64_t>(t) + 1, samples, 5, swap, drop};
        test::write_gate_run(folder / "first", answers(trial, false));
        test::write_gate_run(folder / "second", answers(trial, true));
        const ResultsFile first(folder / "first"), second(folder / "second");
        bool red = false;
        for (const CheckResult& result : evaluate_checks(checks, second, &first, 2)) {
            red = red || result.outcome == Outcome::breached;
            counts.area_red += result.check == checks[0].text && result.outcome == Outcome::breached ? 1 : 0;
        }
        ++counts.trials;
        counts.red += red ? 1 : 0;
    }
    return counts;
}

TEST(GateFlakiness, TheSameModelIsNeverRed) {
    const Folder folder;
    const Counts counts = run_trials(folder, 10, 150, 0.0, 0.0, false);
    EXPECT_EQ(counts.red, 0) << "equal answers are no regression";
}

TEST(GateFlakiness, EquallyGoodModelsAreSeldomRedAndTrueDropsAreSeen) {
    const Folder folder;
    const Counts equal = run_trials(folder, 25, 200, 0.1, 0.0, false);
    EXPECT_LE(equal.red, 1) << "25 trials at 1 %";
    const Counts dropped = run_trials(folder, 10, 1000, 0.05, 0.03, true);
    EXPECT_GE(dropped.area_red, 9);
}

// Eight statements over 16 cells whose true regression is exactly the limit, the worst case of the promise.
TEST(GateFlakiness, LONG_TwoHundredTrialsOfEquallyGoodModels) {
    const Folder folder;
    const Counts counts = run_trials(folder, 200, 1000, 0.1, 0.0, false);
    const Bounds share = wilson_interval(counts.red, counts.trials);
    std::cout << counts.red << " of " << counts.trials << " red, 95 % interval to " << share.high << "\n";
    EXPECT_LE(share.high, 0.05);
}

// A mean drop of 2 points of accuracy.area over 15 cells and the clean one, 1,000 samples.
TEST(GateFlakiness, LONG_TwoPointsOnAThousandSamplesAreCaught) {
    const Folder folder;
    const Counts counts = run_trials(folder, 200, 1000, 0.05, 0.03, true);
    std::cout << counts.area_red << " of " << counts.trials << " caught\n";
    EXPECT_GE(counts.area_red, 190);
}

}  // namespace
}  // namespace misfire
