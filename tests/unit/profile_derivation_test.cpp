// Weekly ratios of a series to what it would have been. The shipped profiles are made again in tests/real.
#include "scenarios/profile_derivation.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "core/error.h"
#include "core/time_text.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t monday = 18260;  // 2019-12-30

// Three years and 20 weeks from a Monday, 2 % more each year, weekends at a half; from week 166 on weekdays fall to .3
// and weekends to .6 of what they were.
DailySeries made_up_days() {
    DailySeries series;
    for (std::int64_t i = 0; i < 176 * 7; ++i) {
        const bool weekend = i % 7 >= 5;
        double value = (weekend ? 50.0 : 100.0) * std::pow(1.02, static_cast<double>(i / 364));
        if (i >= 166 * 7) value *= weekend ? 0.6 : 0.3;
        series.days.push_back(monday - 156 * 7 + i);
        series.values.push_back(value);
    }
    return series;
}

ProfileSettings settings() {
    ProfileSettings settings;
    settings.baseline = {{monday - 156 * 7, monday - 1}};
    settings.changed = {monday, monday + 20 * 7 - 1};
    return settings;
}

TEST(ProfileDerivation, FindsTheFallOfWeekdaysAndWeekendsApart) {
    ProfileSettings with_calm = settings();
    with_calm.calm = DayRange{monday, monday + 27};
    const std::vector<ProfileWeek> weeks = derive_weeks(made_up_days(), with_calm);
    ASSERT_EQ(weeks.size(), 20U);
    EXPECT_EQ(weeks.front().start_day, monday);
    for (std::size_t w = 0; w < 10; ++w) EXPECT_NEAR(weeks[w].ratio, 1.0, 1e-12);
    EXPECT_NEAR(weeks[12].weekday_ratio, 0.3, 1e-12);
    EXPECT_NEAR(weeks[12].weekend_ratio, 0.6, 1e-12);
    EXPECT_NEAR(weeks[12].ratio, 0.3, 1e-12) << "the median of five weekdays and two weekend days";
    EXPECT_EQ(onset_of(weeks), monday + 70);
}

TEST(ProfileDerivation, GrowthIsAChangeUnlessCalmDaysAreScaledToOne) {
    // Twins of the three years before: levels 1, 1.02, 1.0404; their median is that of the middle year.
    EXPECT_NEAR(derive_weeks(made_up_days(), settings())[0].ratio, std::pow(1.02, 2), 1e-12);
}

TEST(ProfileDerivation, LessThanAYearIsComparedByWeekday) {
    ProfileSettings recent = settings();
    recent.baseline = {{monday, monday + 13}, {monday + 21, monday + 27}};
    recent.changed.first = monday + 70;
    recent.compare_with = CompareWith::weekday;
    const std::vector<ProfileWeek> weeks = derive_weeks(made_up_days(), recent);
    EXPECT_NEAR(weeks[0].weekday_ratio, 0.3, 1e-12);
    EXPECT_NEAR(weeks[0].weekend_ratio, 0.6, 1e-12);
}

std::string refusal(const ProfileSettings& asked, const DailySeries& series = made_up_days()) {
    try {
        derive_weeks(series, asked);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

TEST(ProfileDerivation, RefusesWhatCannotBeCompared) {
    ProfileSettings asked = settings();
    asked.baseline = {{monday - 6, monday - 1}};
    EXPECT_THAT(refusal(asked), HasSubstr("The baseline has 6 days"));
    asked.baseline = {{monday - 60, monday - 1}};
    EXPECT_THAT(refusal(asked), testing::AllOf(HasSubstr("2019-12-30"), HasSubstr("--compare weekday")));
    asked = settings();
    asked.changed.last = monday + 12;
    EXPECT_THAT(refusal(asked), HasSubstr("Less than two whole weeks"));
    asked = settings();
    asked.calm = DayRange{monday + 9000, monday + 9010};
    EXPECT_THAT(refusal(asked), HasSubstr("--calm"));
    DailySeries workdays;
    const DailySeries all = made_up_days();
    for (std::size_t i = 0; i < all.days.size(); ++i) {
        if (is_weekend(all.days[i])) continue;
        workdays.days.push_back(all.days[i]);
        workdays.values.push_back(all.values[i]);
    }
    EXPECT_THAT(refusal(settings(), workdays), HasSubstr("no weekend day in the week of 2019-12-30"));
}

class OwnProfiles : public DataFolder {};

TEST_F(OwnProfiles, AreReadAsTheyAreWritten) {
    BehaviourProfile profile{"mine", derive_weeks(made_up_days(), settings()), monday + 70, "made up, \"quoted\"",
                             "calendar"};
    std::ofstream(path("mine.csv")) << profile_csv(profile);
    std::ofstream(path("mine.yaml")) << profile_card(profile);
    const BehaviourProfile again = read_profile(path("mine.csv").string(), "");
    EXPECT_EQ(again.onset_day, monday + 70);
    EXPECT_EQ(again.origin, profile.origin);
    EXPECT_EQ(again.method, "calendar");
    ASSERT_EQ(again.weeks.size(), profile.weeks.size());
    for (std::size_t w = 0; w < again.weeks.size(); ++w) {
        EXPECT_EQ(again.weeks[w].start_day, profile.weeks[w].start_day);
        EXPECT_NEAR(again.weeks[w].weekday_ratio, profile.weeks[w].weekday_ratio, 0.00005);
    }
    std::ofstream(path("mine.yaml")) << "models: a scenario of the same name\n";
    EXPECT_EQ(read_profile(path("mine.csv").string(), "").onset_day, monday + 70) << "found, since no card says it";
}

TEST_F(OwnProfiles, HoursBecomeDays) {
    std::ofstream out(path("hours.csv"));
    out << "at,load,other\n";
    for (int day = 1; day <= 4; ++day) {
        for (int hour = 0; hour < (day == 4 ? 5 : 24); ++hour)
            out << "2020-01-0" << day << (hour < 10 ? " 0" : " ") << hour << ":00,"
                << (hour == 3 && day == 2 ? "" : std::to_string(day * 10)) << ",x\n";
    }
    out.close();
    const DailySeries series = read_daily_series(path("hours.csv"), "at", "load", "");
    EXPECT_THAT(series.values, ElementsAre(10.0, 20.0, 30.0));
    EXPECT_THAT(series.notes, ElementsAre(HasSubstr("1 empty"), HasSubstr("1 days with less than three quarters")));
}

TEST(TimeText, ADayThatIsNotThereIsNoTime) {
    EXPECT_EQ(parse_day("2019-03-01"), 17956);
    EXPECT_FALSE(parse_day("2019-02-29"));
    EXPECT_FALSE(parse_day("2019-02-30"));
    EXPECT_TRUE(parse_day("2020-02-29"));
    EXPECT_FALSE(parse_day("2019-3-1x"));
    EXPECT_EQ(parse_iso_time("2020-01-01T01:00:00Z"), 1577840400);
    EXPECT_FALSE(parse_iso_time("2019-04-31 10:30"));
    EXPECT_EQ(parse_time("03/2020", "%m/%Y"), 1583020800);
}

}  // namespace
}  // namespace misfire::test
