// A control: where behaviour hardly moved in 2020 monitors stay silent, where it did they alarm.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

constexpr int lockdown = 441;   // days from 2019-01-01 to 2020-03-17
constexpr int september = 609;  // 2020-09-01: the second lockdown of Melbourne is at its height

// Days of alarms after 2019, which is the reference.
std::vector<int> alarms_of(const std::string& monitor, const std::filesystem::path& series, bool fitted) {
    std::vector<std::string> command = {"watch",     series.string(), "--column", "unusual",
                                        "--monitor", monitor,         "--json"};
    if (fitted) command.insert(command.end(), {"--reference", "365"});
    const Finished finished = misfire(command);
    EXPECT_EQ(finished.code, 0) << finished.err;
    std::vector<int> days;
    std::istringstream lines(finished.out);
    for (std::string line; std::getline(lines, line);) {
        const nlohmann::json event = nlohmann::json::parse(line);
        if (event["kind"] == "alarm" && event["index"] >= 365) days.push_back(event["index"]);
    }
    return days;
}

TEST(MonitorsControl, VictoriaHardlyMovedAndFranceDid) {
    MISFIRE_NEEDS("real/covid/vic_electricity_daily.csv");
    MISFIRE_NEEDS("real/covid/fr_load_train.csv");
    const TemporaryFolder folder;
    const Finished made =
        run_program({"/usr/bin/python3", std::string(MISFIRE_SOURCE_DIR) + "/tests/python/weather_corrected.py",
                     shared("real/covid").string(), folder.path().string()});
    ASSERT_EQ(made.code, 0) << made.err;
    for (const auto& [monitor, fitted] : {std::pair{"e_detector", true}, {"hddm_w", false}, {"ddm", false}}) {
        for (const int day : alarms_of(monitor, folder / "victoria.csv", fitted))
            EXPECT_GE(day, september) << monitor << " alarms where hardly anything moved";
        const std::vector<int> days = alarms_of(monitor, folder / "france.csv", fitted);
        ASSERT_FALSE(days.empty()) << monitor;
        EXPECT_GE(days.front(), lockdown) << monitor;
        EXPECT_LE(days.front(), lockdown + 14) << monitor;
    }
}

}  // namespace
}  // namespace misfire::test
