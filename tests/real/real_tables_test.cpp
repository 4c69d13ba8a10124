// A forecaster of the French load that others trained on the years to 2018, walked through 2020 by the program.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <map>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;

std::string scenario() {
    return "name: temporal\n"
           "models: [{name: fr, path: " +
           shared("real/models/fr_load_forecaster.pt").string() +
           ", output: regression}]\n"
           "data:\n"
           "  series: " +
           shared("real/covid/fr_load_train.csv").string() +
           "\n"
           "  time: Date\n"
           "  target: Load\n"
           "  features: " +
           shared("real/models/fr_load_forecaster.columns.txt").string() +
           "\n"
           "  derived: {Load.1: \"lag(Load,1)\", Load.7: \"lag(Load,7)\"}\n"
           "  unit: MW\n"
           "shifts:\n"
           "  - {calendar: {by: month, from: 2020-01, to: 2021-06, reference: \"2019\"}}\n"
           "metrics: [mape, mae, bias]\n";
}

// Measured with PyTorch on the same rows: mean absolute percentage errors, to two decimals.
TEST(RealTables, FrenchLoadForecasterDecaysAsMeasured) {
    MISFIRE_NEEDS("real/models/fr_load_forecaster.pt");
    MISFIRE_NEEDS("real/covid/fr_load_train.csv");
    const TemporaryFolder folder;
    write_file(folder / "s.yaml", scenario());
    const Finished run = misfire({"run", "s.yaml", "--json"}, {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const json results = json::parse(run.out);
    std::map<std::string, double> mape;
    std::map<std::string, int> rows;
    for (const json& point : results["points"]) {
        if (point["metric"] != "mape" || point["group"] != "") continue;
        mape[point["cell"]] = point["value"];
        rows[point["cell"]] = point["n"];
    }
    const std::map<std::string, double> expected = {{"reference", 1.04}, {"2020-03", 6.05}, {"2020-04", 8.58},
                                                    {"2020-05", 5.19},   {"2020-06", 2.86}, {"2021-03", 3.36}};
    for (const auto& [level, value] : expected) {
        ASSERT_TRUE(mape.contains("fr/calendar/" + level)) << level;
        EXPECT_NEAR(mape["fr/calendar/" + level], value, 0.005001) << level;
    }
    EXPECT_EQ(rows["fr/calendar/reference"], 365);
    EXPECT_EQ(rows["fr/calendar/2020-04"], 30);
}

// The figures of docs/replay-against-reality.md, from its own scenarios.
TEST(RealTables, ReplayComesAsNearAsTheDocumentationSays) {
    MISFIRE_NEEDS("real/models/fr_load_forecaster.pt");
    MISFIRE_NEEDS("real/covid/fr_load_train.csv");
    const TemporaryFolder folder;
    const std::string file = in_source("docs/replay/french-load-replayed.yaml").string();
    const Finished run = misfire({"run", file, "--json"}, {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    std::map<std::string, double> mape;
    const json results = json::parse(run.out);
    for (const json& point : results["points"]) {
        if (point["metric"] == "mape")
            mape[point["cell"].get<std::string>() + point["group"].get<std::string>()] = point["value"];
    }
    const std::map<std::string, double> expected = {{"clean/0Month=4", 1.17},
                                                    {"behaviour.france_electricity/1Month=3", 4.46},
                                                    {"behaviour.france_electricity/1Month=4", 7.86},
                                                    {"behaviour.france_electricity/1Month=5", 5.20},
                                                    {"behaviour.france_electricity/1Month=6", 2.47},
                                                    {"behaviour.france_electricity_raw/1Month=5", 3.03},
                                                    {"behaviour.france_electricity_raw/1Month=10", 3.08},
                                                    {"behaviour.france_electricity.frozen_lags/1Month=4", 14.68}};
    for (const auto& [cell, value] : expected) EXPECT_NEAR(mape["fr/" + cell], value, 0.005001) << cell;
}

}  // namespace
}  // namespace misfire::test
