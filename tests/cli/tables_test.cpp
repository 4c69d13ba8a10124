// Runs on tables and series: published clean scores come out, whatever the threads, batches and limits.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;

json run_json(const TemporaryFolder& folder, const std::string& scenario) {
    write_file(folder / "s.yaml", scenario);
    const Finished finished = misfire({"run", "s.yaml", "--json"}, {folder.path(), {}, {}});
    EXPECT_EQ(finished.code, 0) << finished.err;
    return json::parse(finished.out, nullptr, false);
}

double value_of(const json& results, const std::string& cell, const std::string& metric) {
    for (const json& point : results["points"]) {
        if (point["cell"] == cell && point["metric"] == metric && point["group"] == "") return point["value"];
    }
    ADD_FAILURE() << "no " << metric << " of " << cell;
    return -1.0;
}

// The scores of the cards, made by other programs (models/zoo/recipes).
TEST(Tables, CleanScoresAreThoseOfTheCards) {
    const TemporaryFolder folder;
    const json ridership = run_json(
        folder,
        "models: [zoo:chicago_ridership, zoo:chicago_ridership_quantiles]\ndata: {zoo: chicago_ridership, from: "
        "2014-01-01}\nshifts: {perturb: stale_lags, severities: 5}\nmetrics: [mae, rmse, mape, bias, pinball_loss, "
        "quantile_coverage]\n");
    EXPECT_NEAR(value_of(ridership, "chicago_ridership/clean/0", "mae"), 0.7725, 0.00005);
    EXPECT_NEAR(value_of(ridership, "chicago_ridership/clean/0", "rmse"), 1.2983, 0.00005);
    EXPECT_NEAR(value_of(ridership, "chicago_ridership/clean/0", "mape"), 6.6674, 0.00005);
    EXPECT_NEAR(value_of(ridership, "chicago_ridership_quantiles/clean/0", "pinball_loss"), 0.2610, 0.00005);
    // 10.81 % lie below the lowest quantile, 86.82 % below the highest.
    EXPECT_NEAR(value_of(ridership, "chicago_ridership_quantiles/clean/0", "quantile_coverage"), 0.7601, 0.0002);
    EXPECT_GT(value_of(ridership, "chicago_ridership/stale_lags/5", "mae"), 0.8);
    const json credit = run_json(folder,
                                 "models: zoo:credit\ndata: zoo:credit_test\nshifts: {perturb: missing_random, "
                                 "severities: 5}\nmetrics: [accuracy, nll]\n");
    EXPECT_NEAR(value_of(credit, "credit/clean/0", "accuracy"), 0.8125, 0.00005);
    EXPECT_NEAR(value_of(credit, "credit/clean/0", "nll"), 0.4161, 0.00005);
    EXPECT_LT(value_of(credit, "credit/missing_random/5", "accuracy"), 0.8125);
}

TEST(Tables, MetricsThatANumberHasNotAreSaidToBeUndefined) {
    const TemporaryFolder folder;
    const json results = run_json(folder,
                                  "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2016-01-01}\n"
                                  "shifts: {perturb: level_drop, severities: 5}\nmetrics: [pinball_loss]\n");
    for (const json& point : results["points"]) EXPECT_EQ(point["status"], "undefined") << point["cell"];
    EXPECT_FALSE(results["points"].empty());
}

TEST(Tables, ARunGoesOnFromItsEffectiveScenario) {
    const TemporaryFolder folder;
    write_file(folder / "s.yaml",
               "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2016-06-01}\nshifts:\n"
               "  - {perturb: [level_drop, stale_lags], severities: [2]}\n"
               "  - {behaviour: {profile: france_electricity, from: 2016-07-04, severities: [1]}}\n"
               "  - {calendar: {reference: \"2016-06\"}}\nmetrics: [mae]\n");
    const Finished run = misfire({"run", "s.yaml", "--out", "out"}, {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const auto results = folder / "out/results.h5";
    std::filesystem::copy_file(results, folder / "before.h5");
    const Finished again = misfire({"resume", "out"}, {folder.path(), {}, {}});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(difference_of_results(folder / "before.h5", results), "");
    const Finished described = misfire({"describe", results.string()});
    EXPECT_EQ(described.code, 0) << described.err;
}

TEST(Tables, AMemberOfAGroupThatDoesNotFitIsLeftOutAndSaid) {
    const TemporaryFolder folder;
    // The ridership has no column of categories, which missing_by_group needs.
    write_file(folder / "s.yaml",
               "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2016-06-01}\n"
               "shifts: {perturb: missing, severities: 5}\nmetrics: [mae]\n");
    const Finished run = misfire({"run", "s.yaml", "--out", "out"}, {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_THAT(run.err, testing::AllOf(testing::HasSubstr("`missing` goes without `missing_by_group`"),
                                        testing::HasSubstr("categories")));
    EXPECT_THAT(run.out, testing::AllOf(testing::HasSubstr("missing_random"), testing::HasSubstr("missing_by_value"),
                                        testing::Not(testing::HasSubstr("missing_by_group"))));
    EXPECT_THAT(read_file(folder / "out/scenario.yaml"), testing::Not(testing::HasSubstr("missing_by_group")));
    EXPECT_EQ(misfire({"resume", "out"}, {folder.path(), {}, {}}).code, 0);
    const Finished named =
        misfire({"run", "s.yaml", "--set", "shifts.perturb=missing_by_group"}, {folder.path(), {}, {}});
    EXPECT_EQ(named.code, 2) << "named itself it is a mistake";
}

TEST(Tables, EffectsAndGroupsAreInTheResults) {
    const TemporaryFolder folder;
    const json results =
        run_json(folder,
                 "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2016-01-01, "
                 "groups: [weekday]}\nshifts:\n  - {perturb: [level_drop, stale_lags], severities: [2, "
                 "5]}\n  - {calendar: {by: quarter, reference: \"2016-01\"}}\nmetrics: [mae, mae_gap, "
                 "worst_group_mae, recovery_time]\n");
    ASSERT_EQ(results["effects"].size(), 4U) << "a calendar changes nothing";
    EXPECT_EQ(results["effects"][0]["shift"], "level_drop");
    EXPECT_NEAR(results["effects"][0]["effect"].get<double>(), 0.68, 1e-9);
    EXPECT_EQ(results["effects"][3]["moves"], "inputs");
    double lowest = 1e9, highest = 0.0;
    for (const json& point : results["points"]) {
        if (point["cell"] != "chicago_ridership/level_drop/5" || point["metric"] != "mae" || point["group"] == "")
            continue;
        lowest = std::min(lowest, point["value"].get<double>());
        highest = std::max(highest, point["value"].get<double>());
    }
    EXPECT_NEAR(value_of(results, "chicago_ridership/level_drop/5", "worst_group_mae"), highest, 1e-9);
    EXPECT_NEAR(value_of(results, "chicago_ridership/level_drop/5", "mae_gap"), highest - lowest, 1e-9);
    EXPECT_EQ(results["group_breaking_points"].size(), 3U * 7U) << "mae of each weekday in each shift";
    bool never = false;
    for (const json& point : results["points"]) {
        never = never || point["status"] == "never";
        EXPECT_EQ(point["status"] == "never" || point["status"] == "undefined", point["value"].is_null());
        if (point["shift"] == "calendar" && point["level"] != 0) {
            EXPECT_THAT(point["label"], testing::AnyOf(testing::StartsWith("2016-Q"), testing::Eq("reference")));
        }
    }
    EXPECT_TRUE(never) << "a level that drops for good";
    for (const json& curve : results["curves"]) EXPECT_EQ(curve["labels"].size(), curve["levels"].size());
    const Finished described = misfire({"describe", (folder / "runs/s").string()});
    EXPECT_EQ(described.code, 0) << described.err;
    EXPECT_THAT(described.out,
                testing::AllOf(testing::HasSubstr("realised effect"), testing::HasSubstr("2: 0.68, 5: 0.2"),
                               testing::HasSubstr("hit first (mae)"), testing::HasSubstr("weekday=")));
}

// level_drop follows the series, resampling shows other rows, missing_random draws per cell, behaviour replays.
const char* const series_scenario =
    "models: [zoo:chicago_ridership, zoo:chicago_ridership_quantiles]\n"
    "data: {zoo: chicago_ridership, from: 2015-09-01, groups: [weekday]}\n"
    "shifts:\n"
    "  - {perturb: [level_drop, missing_random, duplicated_rows, stale_lags], severities: [2, 5]}\n"
    "  - {behaviour: {profile: france_electricity, from: 2016-02-01, severities: [1]}}\n"
    "  - {calendar: {by: quarter, reference: \"2015\"}}\n"
    "metrics: [mae, rmse, pinball_loss, recovery_time]\n";
const char* const table_scenario =
    "models: zoo:credit\n"
    "data: {zoo: credit_test, groups: [home]}\n"
    "shifts:\n"
    "  - {perturb: [missing_random, prior_shift, subgroup_mix, swapped_columns], severities: [2, 5]}\n"
    "metrics: [accuracy, nll, flip_rate]\n";

class TableRuns : public testing::TestWithParam<const char*> {};

TEST_P(TableRuns, DependOnNeitherThreadsNorBatchesNorBlocks) {
    const TemporaryFolder folder;
    write_file(folder / "s.yaml", GetParam());
    for (const std::vector<std::string>& limit : {std::vector<std::string>{}, {"--limit", "90"}}) {
        const auto run = [&](const std::string& out, const std::vector<std::string>& more) {
            std::vector<std::string> command = {"run", "s.yaml", "--out", out};
            command.insert(command.end(), limit.begin(), limit.end());
            command.insert(command.end(), more.begin(), more.end());
            const Finished finished = misfire(command, {folder.path(), {}, {}});
            EXPECT_EQ(finished.code, 0) << finished.err;
        };
        const std::string size = limit.empty() ? "all" : "some";
        run(size + "1", {"--threads", "1"});
        run(size + "2", {"--threads", "2", "--set", "batch=32", "--set", "block=50"});
        EXPECT_EQ(difference_of_results(folder / (size + "1/results.h5"), folder / (size + "2/results.h5")), "")
            << size;
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, TableRuns, testing::Values(series_scenario, table_scenario),
                         [](const auto& run) { return std::string(run.index == 0 ? "Series" : "Table"); });

}  // namespace
}  // namespace misfire::test
