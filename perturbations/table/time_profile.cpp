#include "perturbations/table/time_profile.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/error.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

constexpr std::size_t days_of_year = 365;
constexpr std::size_t smoothing_days = 35;

std::int64_t day_of(std::int64_t seconds) { return (seconds - (seconds % 86400 + 86400) % 86400) / 86400; }

std::size_t day_of_year(std::int64_t seconds) {
    const std::chrono::sys_days day{std::chrono::days(day_of(seconds))};
    const std::chrono::year_month_day date(day);
    const auto first = std::chrono::sys_days(date.year() / std::chrono::January / 1);
    return std::min(static_cast<std::size_t>((day - first).count()), days_of_year - 1);
}

struct Sums {
    explicit Sums(std::size_t bins) : sum(bins, 0.0), count(bins, 0.0) {}
    std::vector<double> sum, count;
};

// Values of a column in the bin of the time they come from.
template <typename Bin>
Sums sums_by(const TableData& data, std::size_t column, std::size_t bins, Bin bin) {
    Sums sums(bins);
    const std::size_t late = rows_late(data, column);
    const std::vector<double>& values = data.table.columns[column].values;
    for (std::size_t row = late; row < values.size(); ++row) {
        if (std::isnan(values[row])) continue;
        const std::size_t place = bin(data.table.seconds[row - late]);
        sums.sum[place] += values[row];
        sums.count[place] += 1.0;
    }
    return sums;
}

Sums smoothed(const Sums& sums) {
    const std::size_t bins = sums.sum.size();
    Sums result(bins);
    for (std::size_t b = 0; b < bins; ++b) {
        for (std::size_t k = 0; k < smoothing_days; ++k) {
            const std::size_t near = (b + bins + k - smoothing_days / 2) % bins;
            result.sum[b] += sums.sum[near];
            result.count[b] += sums.count[near];
        }
    }
    return result;
}

std::vector<double> means(const Sums& sums, const std::string& column, const std::string& family,
                          const std::string& what) {
    std::vector<double> result;
    for (std::size_t b = 0; b < sums.sum.size(); ++b) {
        if (sums.count[b] == 0.0)
            throw UsageError("`" + family + "` needs values of `" + column + "` for every " + what +
                             ", and the series has none for some. Give a longer series, or one of shorter steps.");
        result.push_back(sums.sum[b] / sums.count[b]);
        if (!(result.back() > 0.0))
            throw UsageError("`" + family + "` multiplies `" + column + "` by ratios of its mean by " + what +
                             ", which is not above 0 everywhere. Name columns that are: columns: <name>.");
    }
    return result;
}

}  // namespace

int weekday_of(std::int64_t seconds) { return static_cast<int>(((day_of(seconds) + 3) % 7 + 7) % 7); }

std::array<double, 7> weekday_profile(const TableData& data, std::size_t column, const std::string& family) {
    const Sums sums =
        sums_by(data, column, 7, [](std::int64_t seconds) { return static_cast<std::size_t>(weekday_of(seconds)); });
    const std::vector<double> all = means(sums, data.table.columns[column].name, family, "weekday");
    std::array<double, 7> profile{};
    std::copy(all.begin(), all.end(), profile.begin());
    return profile;
}

SeasonProfile::SeasonProfile(const TableData& data, std::size_t column, const std::string& family)
    : intraday_(intraday(data)), step_seconds_(data.step_seconds) {
    const auto bins = intraday_ ? static_cast<std::size_t>((86400 + step_seconds_ - 1) / step_seconds_) : days_of_year;
    const Sums sums =
        sums_by(data, column, bins, [&](std::int64_t seconds) { return static_cast<std::size_t>(bin_of(seconds)); });
    means_ = intraday_ ? means(sums, data.table.columns[column].name, family, "time of the day")
                       : means(smoothed(sums), data.table.columns[column].name, family, "part of the year");
}

double SeasonProfile::bin_of(std::int64_t seconds) const {
    if (intraday_) return static_cast<double>((seconds - day_of(seconds) * 86400) / step_seconds_);
    return static_cast<double>(day_of_year(seconds));
}

double SeasonProfile::at(double bin) const {
    const auto bins = static_cast<double>(means_.size());
    const double inside = bin - bins * std::floor(bin / bins);
    const std::size_t lower = std::min(static_cast<std::size_t>(inside), means_.size() - 1);
    const std::size_t upper = (lower + 1) % means_.size();
    return means_[lower] + (inside - static_cast<double>(lower)) * (means_[upper] - means_[lower]);
}

double SeasonProfile::ratio(std::int64_t seconds, double shift) const {
    const double bin = bin_of(seconds);
    const double bins = intraday_ ? shift * 3600.0 / static_cast<double>(step_seconds_) : shift;
    return at(bin - bins) / at(bin);
}

}  // namespace misfire
