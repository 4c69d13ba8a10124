// Weekly ratios of a series to what it would have been: how the shipped profiles of behaviour were made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/behaviour_profile.h"
#include "scenarios/daily_series.h"

namespace misfire {

// Days since 1970-01-01, both ends belong to it.
struct DayRange {
    std::int64_t first = 0;
    std::int64_t last = 0;
    bool holds(std::int64_t day) const { return day >= first && day <= last; }
};

// What a day is compared with.
// season: the same weekday 52, 104, 156 and 208 weeks before, where that lies in the baseline, and one week to either
// side of it. weekday: every day of the same weekday in the baseline (as in the mobility reports of 2020), which keeps
// the season in the ratio.
enum class CompareWith { season, weekday };

struct ProfileSettings {
    std::vector<DayRange> baseline;
    DayRange changed;              // of which whole weeks, Monday to Sunday, are taken
    std::optional<DayRange> calm;  // scaled to 1, so that growth since the baseline is no change of behaviour
    CompareWith compare_with = CompareWith::season;
};

// A day's log ratio is its logarithm minus the median logarithm of the days that it is compared with; a week's ratio is
// exp of the median over its days, its weekdays, its weekend days, all divided by that of the calm days. Throws
// UsageError where the baseline is shorter than a week or has nothing to compare a day with, where no whole week lies
// in the changed period or the calm one holds no day, and where a week has no weekday or no weekend day.
std::vector<ProfileWeek> derive_weeks(const DailySeries& series, const ProfileSettings& settings);

// The profile as a CSV file of the form of the shipped ones (series, week_start, ratio, weekday_ratio, weekend_ratio,
// method; ratios to four decimals), and the card beside it (onset, origin).
std::string profile_csv(const BehaviourProfile& profile);
std::string profile_card(const BehaviourProfile& profile);

}  // namespace misfire
