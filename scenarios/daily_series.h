// A user's series as values of days, from which a profile of behaviour is made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

struct DailySeries {
    std::vector<std::int64_t> days;  // since 1970-01-01, ascending, gaps allowed
    std::vector<double> values;      // above 0: mean of the rows of the day
    std::vector<std::string> notes;  // what was left out
};

// One column of a CSV file with one or more rows a day. `time_format` as for strptime, "" for ISO dates and times.
// Empty cells are left out, and so are days with less than three quarters of the rows that a day usually has. Throws
// DataError naming file, line, column, value and remedy: no such column, no time, no number, times out of order or
// twice, a day whose mean is not above 0.
DailySeries read_daily_series(const std::filesystem::path& file, const std::string& time_column,
                              const std::string& column, const std::string& time_format);

}  // namespace misfire
