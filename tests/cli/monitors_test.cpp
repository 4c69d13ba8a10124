// Monitors inside runs: their delays are those of `misfire watch`, and they depend on nothing but seed and samples.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const char* const series_scenario =
    "models: [zoo:chicago_ridership]\n"
    "data: {zoo: chicago_ridership, from: 2015-01-01, to: 2016-08-28}\n"
    "shifts:\n"
    "  - {perturb: [level_drop, frozen_sensor], severities: [1, 5], options: {onset: 2015-11-02}}\n"
    "  - {perturb: stale_lags, severities: [1, 5]}\n"
    "  - {behaviour: {profile: chicago_transit_rides, from: 2015-09-14, severities: [1]}}\n"
    "metrics: [mae]\n"
    "monitors: [ddm, adwin, page_hinkley, cusum, e_detector, {ks: {}, on: input, window: 28}, {kswin: {}, on: "
    "output}]\n";

const char* const image_scenario =
    "models: [zoo:fashion_resnet]\ndata: zoo:fashion_test\nlimit: 300\nshifts: {perturb: [contrast, gaussian_noise], "
    "severities: [1, 5]}\nmetrics: [accuracy]\nmonitors: [ddm, {page_hinkley: {threshold: 5}, on: confidence}, {adwin: "
    "{}, on: \"input:contrast\"}, {ks: {}, on: input}, bbsd, atc, cbpe, doc, average_confidence]\nmonitor_trials: 20\n";

class MonitorRuns : public testing::Test {
  protected:
    json run(const std::string& scenario, const std::string& out, const std::vector<std::string>& more = {}) const {
        write_file(folder_ / "s.yaml", scenario);
        std::vector<std::string> command = {"run", "s.yaml", "--json", "--out", out};
        command.insert(command.end(), more.begin(), more.end());
        const Finished finished = misfire(command, {folder_.path(), {}, {}});
        EXPECT_EQ(finished.code, 0) << finished.err;
        return json::parse(finished.out, nullptr, false);
    }

    TemporaryFolder folder_;
};

TEST_F(MonitorRuns, DelaysAndHarmAreThoseOfWatchOverTheSameStream) {
    std::string scenario = series_scenario;
    scenario.replace(scenario.find(", {ks:"), std::string::npos, "]\n");
    run(scenario, "out");
    const Finished check =
        run_program({"/usr/bin/python3", std::string(MISFIRE_SOURCE_DIR) + "/tests/python/monitored_stream.py",
                     MISFIRE_BINARY, (folder_ / "out/results.h5").string()});
    EXPECT_EQ(check.code, 0) << check.err;
    EXPECT_EQ(check.out, "");
}

TEST_F(MonitorRuns, DependOnNeitherThreadsNorBatchesNorBlocks) {
    for (const char* scenario : {series_scenario, image_scenario}) {
        const std::string name = scenario == series_scenario ? "series" : "images";
        run(scenario, name + "1", {"--threads", "1"});
        run(scenario, name + "2", {"--threads", "2", "--set", "batch=32"});
        EXPECT_EQ(difference_of_results(folder_ / (name + "1/results.h5"), folder_ / (name + "2/results.h5")), "")
            << name;
    }
}

TEST_F(MonitorRuns, AResumedRunSaysTheSame) {
    run(series_scenario, "out");
    std::filesystem::copy_file(folder_ / "out/results.h5", folder_ / "before.h5");
    const Finished again = misfire({"resume", "out"}, {folder_.path(), {}, {}});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(difference_of_results(folder_ / "before.h5", folder_ / "out/results.h5"), "");
}

TEST_F(MonitorRuns, OfImagesWatchErrorsConfidencesInputsAndOutputs) {
    const json results = run(image_scenario, "out");
    std::size_t noticed = 0;
    for (const json& monitor : results["monitors"]) {
        EXPECT_EQ(monitor["status"], "ok") << monitor.dump();
        EXPECT_EQ(monitor["changed"], 150);
        if (monitor["level"] == 5.0 && monitor["shift"] == "contrast" && monitor["alarm"]) ++noticed;
        if (monitor["level"] == 0.0 && monitor["monitor"] == "ddm") {
            EXPECT_EQ(monitor["alarm"], false);
        }
    }
    EXPECT_GE(noticed, 4U) << "of five, contrast at 5 cannot be overlooked";
    ASSERT_EQ(results["accuracy_estimates"].size(), 4U * 6U);
    for (const json& estimate : results["accuracy_estimates"]) {
        ASSERT_EQ(estimate["status"], "ok") << estimate.dump();
        EXPECT_NEAR(estimate["gap"].get<double>(),
                    estimate["estimate"].get<double>() - estimate["measured"].get<double>(), 1e-12);
    }
    EXPECT_EQ(results["monitor_trials"].size(), 5U);
}

TEST_F(MonitorRuns, TheTableSaysWhoNoticedAndCallsEstimatesEstimates) {
    write_file(folder_ / "s.yaml", image_scenario);
    const Finished finished = misfire({"run", "s.yaml"}, {folder_.path(), {}, {}});
    ASSERT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr("noticed"));
    EXPECT_THAT(finished.out, HasSubstr("estimates of accuracy (not measured)"));
    EXPECT_THAT(finished.out, HasSubstr("input:contrast"));
    write_file(folder_ / "s.yaml",
               "models: [zoo:fashion_resnet]\ndata: zoo:fashion_test\nlimit: 20\nshifts: {perturb: "
               "contrast, severities: [1]}\nmetrics: [accuracy]\n");
    const Finished without = misfire({"run", "s.yaml"}, {folder_.path(), {}, {}});
    EXPECT_THAT(without.out, Not(HasSubstr("noticed")));
}

TEST_F(MonitorRuns, TheEffectiveScenarioIsTheSameScenario) {
    write_file(folder_ / "s.yaml", image_scenario);
    const Finished once = misfire({"validate", "s.yaml", "--effective"}, {folder_.path(), {}, {}});
    ASSERT_EQ(once.code, 0) << once.err;
    write_file(folder_ / "t.yaml", once.out);
    const Finished twice = misfire({"validate", "t.yaml", "--effective"}, {folder_.path(), {}, {}});
    EXPECT_EQ(once.out, twice.out) << twice.err;
    EXPECT_THAT(once.out, HasSubstr("page_hinkley:threshold=5"));
}

}  // namespace
}  // namespace misfire::test
