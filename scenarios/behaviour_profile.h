// Measured behaviour change: weekly ratios of a series to what it would have been.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

struct ProfileWeek {
    std::int64_t start_day = 0;  // Monday, days since 1970-01-01
    double ratio = 1.0;          // over all days, above 0
    double weekday_ratio = 1.0;
    double weekend_ratio = 1.0;
};

struct BehaviourProfile {
    std::string name;
    std::vector<ProfileWeek> weeks;  // consecutive
    std::int64_t onset_day = 0;      // first day of the change
    std::string origin;              // "" for a user's own
    std::string method;
};

// Names of the shipped ones, ascending.
std::vector<std::string> shipped_profiles();

// The first week from which the ratio stays more than four standard deviations of the first eight weeks away from 1 for
// three weeks; the first week where there is none. Requires a week.
std::int64_t onset_of(const std::vector<ProfileWeek>& weeks);

// A shipped profile by name, or a CSV file with the columns week_start, ratio, weekday_ratio, weekend_ratio and, where
// it holds several, series. A card beside it (<stem>.yaml with onset, origin) says where the change begins; without
// one it is onset_of(). Throws ScenarioError naming file, line and remedy.
BehaviourProfile read_profile(const std::string& name_or_file, const std::string& series);

// Factor of a day: the ratio to the power of `severity` (0 = unchanged, 1 = as measured), interpolated in the logarithm
// between week centres (Thursday noon). Days before the onset have 1; after the last week its ratio is held, or 1.
// `day` counts in the calendar of the profile.
double profile_factor(const BehaviourProfile& profile, std::int64_t day, bool weekend, bool by_weekday, double severity,
                      bool hold_end);

inline bool is_weekend(std::int64_t day) {
    const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;  // 0 = Monday
    return weekday >= 5;
}

}  // namespace misfire
