#include "scenarios/daily_series.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/time_text.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/table_file.h"

namespace misfire {

namespace {

constexpr double enough_of_a_day = 0.75;

struct Day {
    std::int64_t day = 0;
    double sum = 0.0;
    std::size_t rows = 0;
    std::size_t first_row = 0;  // of the file, for messages
};

class DailyReader {
  public:
    DailyReader(const std::filesystem::path& file, const std::string& time_column, const std::string& column,
                std::string time_format)
        : csv_(read_csv(file)),
          time_(csv_.column(time_column)),
          value_(csv_.column(column)),
          format_(std::move(time_format)) {}

    DailySeries read() const {
        std::size_t empty = 0;
        const std::vector<Day> days = read_days(empty);
        if (days.empty()) throw DataError(csv_.file + " has no value in column `" + csv_.columns[value_] + "`.");
        const std::size_t usual = usual_rows(days);
        DailySeries series;
        std::size_t partial = 0;
        for (const Day& day : days) {
            if (static_cast<double>(day.rows) < enough_of_a_day * static_cast<double>(usual)) {
                ++partial;
                continue;
            }
            const double mean = day.sum / static_cast<double>(day.rows);
            if (!(mean > 0.0))
                refuse(day.first_row, value_,
                       "`" + csv_.rows[day.first_row][value_] + "` is not above 0" +
                           (day.rows > 1 ? " in the mean of its day" : "") +
                           ". A profile is made of ratios: take a column that counts or measures an amount, and leave "
                           "days without any empty.");
            series.days.push_back(day.day);
            series.values.push_back(mean);
        }
        if (empty > 0) series.notes.push_back(std::to_string(empty) + " empty cells are left out");
        if (partial > 0)
            series.notes.push_back(std::to_string(partial) + " days with less than three quarters of their " +
                                   std::to_string(usual) + " rows are left out");
        return series;
    }

  private:
    [[noreturn]] void refuse(std::size_t row, std::size_t column, const std::string& what) const {
        throw DataError(csv_.file + ":" + std::to_string(csv_.lines[row]) + ": column `" + csv_.columns[column] +
                        "`: " + what);
    }

    std::vector<Day> read_days(std::size_t& empty) const {
        std::vector<Day> days;
        std::int64_t before = 0;
        for (std::size_t row = 0; row < csv_.rows.size(); ++row) {
            const std::int64_t time = time_of(row);
            if (row > 0 && time == before)
                refuse(row, time_, "`" + csv_.rows[row][time_] + "` is there twice. Keep one row a time.");
            if (row > 0 && time < before)
                refuse(row, time_, "`" + csv_.rows[row][time_] + "` comes after a later time. Sort the file by time.");
            before = time;
            if (is_missing_cell(csv_.rows[row][value_])) {
                ++empty;
                continue;
            }
            const std::int64_t day = (time - (time % 86400 + 86400) % 86400) / 86400;
            if (days.empty() || days.back().day != day) days.push_back({day, 0.0, 0, row});
            days.back().sum += number_of(row);
            ++days.back().rows;
        }
        return days;
    }

    std::int64_t time_of(std::size_t row) const {
        const std::string& cell = csv_.rows[row][time_];
        if (const auto time = format_.empty() ? parse_iso_time(cell) : parse_time(cell, format_)) return *time;
        refuse(row, time_,
               "`" + cell + "` is no time " +
                   (format_.empty() ? "such as 2020-03-01 or 2020-03-01 10:30. Say how it is written: --time-format "
                                      "\"%d-%m-%Y\"."
                                    : "of the form " + format_ + ". Correct it or --time-format."));
    }

    double number_of(std::size_t row) const {
        const std::string& cell = csv_.rows[row][value_];
        double value = 0.0;
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error == std::errc() && end == cell.data() + cell.size() && std::isfinite(value)) return value;
        refuse(row, value_, "`" + cell + "` is no number. Correct it, or leave it empty.");
    }

    static std::size_t usual_rows(const std::vector<Day>& days) {
        std::vector<std::size_t> rows;
        for (const Day& day : days) rows.push_back(day.rows);
        const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
        std::nth_element(rows.begin(), middle, rows.end());
        return *middle;
    }

    CsvTable csv_;
    std::size_t time_;
    std::size_t value_;
    std::string format_;
};

}  // namespace

DailySeries read_daily_series(const std::filesystem::path& file, const std::string& time_column,
                              const std::string& column, const std::string& time_format) {
    return DailyReader(file, time_column, column, time_format).read();
}

}  // namespace misfire
