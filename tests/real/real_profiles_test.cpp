// The shipped profiles, made again from the series that they were made from.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "cli/program.h"
#include "scenarios/behaviour_profile.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

struct Origin {
    const char* profile;
    const char* file;
    const char* time;
    const char* time_format;
    const char* column;
    const char* to;
};

class RealProfiles : public testing::TestWithParam<Origin> {};

// One of the files repeats 62 rows, and not in the order of time, which it writes as 10/31/2011.
void copy_in_order_without_repeats(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::ifstream in(from);
    std::ofstream out(to);
    std::string line;
    std::getline(in, line);
    out << line << "\n";
    std::set<std::string> seen;
    std::vector<std::pair<std::string, std::string>> rows;
    while (std::getline(in, line)) {
        const bool slashes = line.size() > 10 && line[2] == '/';
        if (seen.insert(line).second)
            rows.emplace_back(slashes ? line.substr(6, 4) + line.substr(0, 5) : std::string(), line);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [day, row] : rows) out << row << "\n";
}

TEST_P(RealProfiles, ComeOutAgain) {
    const Origin& origin = GetParam();
    const std::string file = "real/covid/" + std::string(origin.file);
    MISFIRE_NEEDS(file);
    const TemporaryFolder folder;
    copy_in_order_without_repeats(shared(file), folder / "series.csv");
    const Finished made = misfire({"profile",       "series.csv",
                                   "--time",        origin.time,
                                   "--time-format", origin.time_format,
                                   "--column",      origin.column,
                                   "--baseline",    "2010-01-01..2019-12-31",
                                   "--calm",        "2020-01-06..2020-02-23",
                                   "--from",        "2020-01-06",
                                   "--to",          origin.to,
                                   "--name",        origin.profile,
                                   "--out",         "made.csv"},
                                  {folder.path(), {}, {}});
    ASSERT_EQ(made.code, 0) << made.err;
    const BehaviourProfile now = read_profile((folder / "made.csv").string(), "");
    const BehaviourProfile shipped =
        read_profile(in_source("scenarios/profiles/" + std::string(origin.profile) + ".csv").string(), "");
    ASSERT_EQ(now.weeks.size(), shipped.weeks.size());
    for (std::size_t w = 0; w < now.weeks.size(); ++w) {
        const ProfileWeek &a = now.weeks[w], &b = shipped.weeks[w];
        ASSERT_EQ(a.start_day, b.start_day);
        EXPECT_NEAR(a.ratio, b.ratio, 1.01e-4) << w;
        EXPECT_NEAR(a.weekday_ratio, b.weekday_ratio, 1.01e-4) << w;
        EXPECT_NEAR(a.weekend_ratio, b.weekend_ratio, 1.01e-4) << w;
    }
}

INSTANTIATE_TEST_SUITE_P(Series, RealProfiles,
                         testing::Values(Origin{"chicago_rail_boardings", "cta_ridership_daily.csv", "service_date",
                                                "%m/%d/%Y", "rail_boardings", "2021-10-31"},
                                         Origin{"chicago_transit_rides", "cta_ridership_daily.csv", "service_date",
                                                "%m/%d/%Y", "total_rides", "2021-10-31"},
                                         Origin{"melbourne_pedestrians", "melbourne_pedestrians_daily.csv", "ds",
                                                "%Y-%m-%d", "y", "2021-06-30"},
                                         Origin{"victoria_electricity", "vic_electricity_daily.csv", "date", "%d-%m-%Y",
                                                "demand", "2020-10-06"},
                                         Origin{"france_electricity_raw", "fr_load_train.csv", "Date", "%Y-%m-%d",
                                                "Load", "2021-10-31"}),
                         [](const auto& made) { return std::string(made.param.profile); });

}  // namespace
}  // namespace misfire::test
