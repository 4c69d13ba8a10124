// How a series depends on the calendar: by weekday, by time of the day, by day of the year.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/table.h"

namespace misfire {

int weekday_of(std::int64_t seconds);  // 0 = Monday

// Mean of a column by weekday, 0 = Monday; of a column that is seen late by the weekday that it comes from. Throws
// UsageError, in the name of `family`, where a weekday has no value or a mean is not above 0.
std::array<double, 7> weekday_profile(const TableData& data, std::size_t column, const std::string& family);

// Mean of a column by time of the day, one bin a step, for steps below a day; else by day of the year, 365 bins (31
// December of a leap year goes with the 30th), each the mean over five weeks around it, so that weekdays cancel.
class SeasonProfile {
  public:
    // Throws UsageError, in the name of `family`, where a bin has no value (less than a year of days) or a mean is not
    // above 0.
    SeasonProfile(const TableData& data, std::size_t column, const std::string& family);

    static bool intraday(const TableData& data) { return data.step_seconds < 86400; }

    // The profile at a time that lies `shift` (hours of the day, or days of the year) before `seconds`, over the
    // profile at `seconds`: the factor that makes every peak come `shift` later. Straight lines between bins, round the
    // clock.
    double ratio(std::int64_t seconds, double shift) const;

  private:
    double bin_of(std::int64_t seconds) const;
    double at(double bin) const;

    bool intraday_;
    std::int64_t step_seconds_;
    std::vector<double> means_;
};

}  // namespace misfire
