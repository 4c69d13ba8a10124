// Measured behaviour as factors of days: severities, weeks, onset, end, and where it is laid in another series.
#include "scenarios/behaviour_profile.h"

#include <gmock/gmock.h>

#include <cmath>

#include "scenarios/data/spec.h"
#include "scenarios/shifts/table_shift.h"
#include "tests/shared_files.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

constexpr std::int64_t monday = 18260;  // 2019-12-30; date -d 2019-12-30 +%s / 86400

// Three weeks whose change begins with the second.
BehaviourProfile three_weeks() {
    BehaviourProfile profile;
    profile.name = "three";
    profile.weeks = {{monday, 1.0, 1.0, 1.0}, {monday + 7, 0.64, 0.49, 0.81}, {monday + 14, 0.25, 0.16, 0.36}};
    profile.onset_day = monday + 7;
    return profile;
}

double factor(std::int64_t day, double severity, bool weekend = false, bool by_weekday = true, bool hold = true) {
    return profile_factor(three_weeks(), monday + day, weekend, by_weekday, severity, hold);
}

TEST(ProfileFactor, SeverityZeroChangesNothing) {
    for (std::int64_t day = -10; day < 40; ++day) EXPECT_EQ(factor(day, 0.0), 1.0) << day;
}

TEST(ProfileFactor, SeverityOneIsAsMeasuredAtTheCentresOfWeeks) {
    EXPECT_DOUBLE_EQ(factor(10, 1.0), 0.49);  // Thursday of the second week
    EXPECT_DOUBLE_EQ(factor(10, 1.0, true), 0.81);
    EXPECT_DOUBLE_EQ(factor(10, 1.0, false, false), 0.64);
    EXPECT_DOUBLE_EQ(factor(10, 1.0, true, false), 0.64);
    EXPECT_DOUBLE_EQ(factor(17, 1.0), 0.16);
    EXPECT_DOUBLE_EQ(factor(17, 1.0, true), 0.36);
}

TEST(ProfileFactor, OtherSeveritiesArePowers) {
    EXPECT_NEAR(factor(10, 1.5), 0.343, 1e-15);  // .49 ** 1.5
    EXPECT_NEAR(factor(10, 0.5), 0.7, 1e-15);
    EXPECT_NEAR(factor(17, 1.5, true), 0.216, 1e-15);
    EXPECT_NEAR(factor(17, 2.0), 0.0256, 1e-15);
}

TEST(ProfileFactor, DaysBetweenCentresGoStraightInTheLogarithm) {
    for (int k = 0; k <= 7; ++k)
        EXPECT_NEAR(factor(10 + k, 1.0), std::pow(0.49, 1 - k / 7.0) * std::pow(0.16, k / 7.0), 1e-15);
}

TEST(ProfileFactor, BeforeTheOnsetAndAfterTheEnd) {
    EXPECT_EQ(factor(6, 1.0), 1.0) << "the Sunday before, though on its way to the next centre";
    EXPECT_NEAR(factor(7, 1.0), std::pow(0.49, 4.0 / 7.0), 1e-15);
    EXPECT_DOUBLE_EQ(factor(20, 1.0), 0.16) << "the last week is not over";
    EXPECT_DOUBLE_EQ(factor(20, 1.0, false, true, false), 0.16);
    EXPECT_DOUBLE_EQ(factor(21, 1.0), 0.16);
    EXPECT_DOUBLE_EQ(factor(2000, 1.0), 0.16);
    EXPECT_EQ(factor(21, 1.0, false, true, false), 1.0);
}

TEST(ProfileFactor, WeekendsAreSaturdaysAndSundays) {
    std::vector<bool> week;
    for (std::int64_t day = 0; day < 7; ++day) week.push_back(is_weekend(monday + day));
    EXPECT_THAT(week, ElementsAre(false, false, false, false, false, true, true));
    EXPECT_FALSE(is_weekend(-3)) << "Monday 1969-12-29";
    EXPECT_TRUE(is_weekend(-4));
}

class Profiles : public DataFolder {
  protected:
    void SetUp() override {
        DataFolder::SetUp();
        fs::create_directories(path("share"));
        fs::create_directory_symlink(in_source("scenarios/profiles"), path("share/profiles"));
        ::setenv("MISFIRE_SHARE", path("share").c_str(), 1);
    }

    // Flat weeks with a change from week `calm` on.
    std::string weeks(int calm, int changed, const std::string& ratio, const std::string& series = "") const {
        std::string text;
        for (int week = 0; week < calm + changed; ++week) {
            const std::int64_t seconds = (monday + 7 * week) * 86400;
            const std::time_t time = seconds;
            std::tm parts{};
            gmtime_r(&time, &parts);
            char date[16];
            std::strftime(date, sizeof date, "%Y-%m-%d", &parts);
            const std::string r = week < calm ? (week % 2 == 0 ? "1.01" : "0.99") : ratio;
            text += (series.empty() ? "" : series + ",") + date + "," + r + "," + r + "," + r + "\n";
        }
        return text;
    }
};

TEST_F(Profiles, ShippedOnesAreThereWithOnsetAndOrigin) {
    EXPECT_THAT(shipped_profiles(), IsSupersetOf({"chicago_transit_rides", "france_electricity",
                                                  "melbourne_pedestrians", "victoria_electricity"}));
    for (const std::string& name : shipped_profiles()) {
        SCOPED_TRACE(name);
        const BehaviourProfile profile = read_profile(name, "");
        EXPECT_EQ(profile.name, name);
        EXPECT_FALSE(profile.origin.empty());
        EXPECT_FALSE(profile.method.empty());
        EXPECT_GE(profile.onset_day, 18337) << "March 2020";
        EXPECT_LE(profile.onset_day, 18344);
        EXPECT_GT(profile.weeks.size(), 20U);
        for (std::size_t w = 1; w < profile.weeks.size(); ++w)
            EXPECT_EQ(profile.weeks[w].start_day, profile.weeks[w - 1].start_day + 7);
    }
}

TEST_F(Profiles, TheOnsetOfAFileIsWhereItStaysAway) {
    const std::string header = "week_start,ratio,weekday_ratio,weekend_ratio\n";
    write("own.csv", header + weeks(10, 4, "0.7"));
    const BehaviourProfile profile = read_profile(path("own.csv").string(), "");
    EXPECT_EQ(profile.name, "own");
    EXPECT_EQ(profile.weeks.size(), 14U);
    EXPECT_EQ(profile.onset_day, monday + 70);
    write("short.csv", header + weeks(10, 2, "0.7"));
    EXPECT_EQ(read_profile(path("short.csv").string(), "").onset_day, monday) << "two weeks away are no change";
}

TEST_F(Profiles, OneOfSeveralSeriesIsChosenByName) {
    write("two.csv", "series,week_start,ratio,weekday_ratio,weekend_ratio\n" + weeks(8, 3, "0.5", "bus") +
                         weeks(8, 3, "0.25", "rail"));
    EXPECT_EQ(read_profile(path("two.csv").string(), "rail").weeks.back().ratio, 0.25);
    EXPECT_EQ(read_profile(path("two.csv").string(), "bus").weeks.back().ratio, 0.5);
    EXPECT_EQ(read_profile(path("two.csv").string(), "bus").name, "bus");
}

// Weekdays 0.5, weekends 1: whatever the day on which the onset is laid, Saturdays and Sundays stay as they were.
TEST_F(Profiles, LaidElsewhereWeekdaysStayWeekdays) {
    std::string text = "week_start,ratio,weekday_ratio,weekend_ratio\n" + weeks(8, 0, "");
    for (const char* week : {"2020-02-24", "2020-03-02", "2020-03-09"}) text += std::string(week) + ",0.7,0.5,1\n";
    write("own.csv", text);
    std::string series = "date,y\n";
    for (int day = 1; day <= 31; ++day)
        series +=
            "2018-07-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "," + std::to_string(day) + "\n";
    DataSpec spec;
    spec.form = DataSpec::Form::series;
    spec.table = write("july.csv", series);
    spec.time_column = "date";
    spec.target_column = "y";
    spec.features = {"y"};
    spec.regression = true;
    const auto data = open_data(spec);
    BehaviourSpec behaviour;
    behaviour.name = "own";
    behaviour.profile = path("own.csv").string();
    behaviour.severities = {1.0};
    behaviour.from = "2018-07-11";  // a Wednesday
    const auto shift = make_behaviour_shift(behaviour);
    ShiftContext context{};
    context.whole = data.get();
    const auto view = shift->at(*data, 1, context);
    for (int day = 1; day <= 31; ++day) {
        const double ratio = view->at(static_cast<std::size_t>(day - 1)).value / day;
        const bool weekend = day % 7 == 0 || day % 7 == 1;  // 2018-07-01 was a Sunday
        if (day < 11 || weekend)
            EXPECT_NEAR(ratio, 1.0, day < 14 || !weekend ? 1e-12 : 0.011) << day;
        else
            EXPECT_LT(ratio, 0.75) << day;
        if (day >= 14 && !weekend) {
            EXPECT_NEAR(ratio, 0.5, 1e-12) << day;
        }
    }
}

}  // namespace
}  // namespace misfire::test
