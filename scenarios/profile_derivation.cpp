#include "scenarios/profile_derivation.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "core/error.h"
#include "scenarios/data/table_file.h"

namespace misfire {

namespace {

constexpr std::int64_t year_of_weeks = 364;
constexpr int earlier_years = 4;

std::string day_name(std::int64_t day) { return time_text(day * 86400); }

std::int64_t weekday(std::int64_t day) { return ((day + 3) % 7 + 7) % 7; }  // 0 = Monday

// Of an even number the mean of the two in the middle. Requires a value.
double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

class Derivation {
  public:
    Derivation(const DailySeries& series, const ProfileSettings& settings) : settings_(settings) {
        for (std::size_t i = 0; i < series.days.size(); ++i) logs_.emplace(series.days[i], std::log(series.values[i]));
        std::int64_t days = 0;
        for (const DayRange& period : settings.baseline) days += period.last - period.first + 1;
        if (days < 7)
            throw UsageError("The baseline has " + std::to_string(days) +
                             " days, and every weekday needs one to be compared with. Give a week or more, better "
                             "some years: --baseline 2017-01-01..2019-12-31.");
    }

    std::vector<ProfileWeek> weeks() const {
        const double calm = settings_.calm ? calm_level() : 0.0;
        std::vector<ProfileWeek> found;
        const std::int64_t first = settings_.changed.first + (7 - weekday(settings_.changed.first)) % 7;
        for (std::int64_t monday = first; monday + 6 <= settings_.changed.last; monday += 7)
            found.push_back(week_of(monday, calm));
        if (found.size() < 2)
            throw UsageError("Less than two whole weeks, Monday to Sunday, lie between " +
                             day_name(settings_.changed.first) + " and " + day_name(settings_.changed.last) +
                             ". Give a longer period with --from and --to.");
        return found;
    }

  private:
    bool in_baseline(std::int64_t day) const {
        return std::any_of(settings_.baseline.begin(), settings_.baseline.end(),
                           [day](const DayRange& period) { return period.holds(day); });
    }

    std::vector<double> season_of(std::int64_t day) const {
        std::vector<double> found;
        for (int year = 1; year <= earlier_years; ++year) {
            const std::int64_t twin = day - year * year_of_weeks;
            if (!in_baseline(twin)) continue;
            for (const std::int64_t other : {twin - 7, twin, twin + 7}) {
                if (const auto at = logs_.find(other); at != logs_.end()) found.push_back(at->second);
            }
        }
        return found;
    }

    std::vector<double> weekday_of(std::int64_t day) const {
        std::vector<double> found;
        for (const auto& [other, log] : logs_) {
            if (weekday(other) == weekday(day) && in_baseline(other)) found.push_back(log);
        }
        return found;
    }

    double log_ratio(std::int64_t day, double log) const {
        const bool season = settings_.compare_with == CompareWith::season;
        const std::vector<double> others = season ? season_of(day) : weekday_of(day);
        if (!others.empty()) return log - median(others);
        throw UsageError("The baseline has no day that " + day_name(day) + " could be compared with" +
                         (season
                              ? ": one of the same weekday 52, 104, 156 or 208 weeks before. Give a --baseline of "
                                "whole years before the change, or --compare weekday where there is less than a year."
                              : ": one of the same weekday. Give a --baseline that covers every weekday."));
    }

    double calm_level() const {
        std::vector<double> ratios;
        for (auto at = logs_.lower_bound(settings_.calm->first); at != logs_.end() && at->first <= settings_.calm->last;
             ++at)
            ratios.push_back(log_ratio(at->first, at->second));
        if (!ratios.empty()) return median(ratios);
        throw UsageError("The series has no day between " + day_name(settings_.calm->first) + " and " +
                         day_name(settings_.calm->last) + ", which --calm names. Take days that are there.");
    }

    ProfileWeek week_of(std::int64_t monday, double calm) const {
        std::vector<double> all, weekdays, weekend;
        for (std::int64_t day = monday; day < monday + 7; ++day) {
            const auto at = logs_.find(day);
            if (at == logs_.end()) continue;
            all.push_back(log_ratio(day, at->second));
            (is_weekend(day) ? weekend : weekdays).push_back(all.back());
        }
        if (weekdays.empty() || weekend.empty())
            throw UsageError("The series has no " + std::string(weekdays.empty() ? "weekday" : "weekend day") +
                             " in the week of " + day_name(monday) +
                             ". Fill the gap, or end the period before it with --to.");
        return {monday, std::exp(median(all) - calm), std::exp(median(weekdays) - calm),
                std::exp(median(weekend) - calm)};
    }

    const ProfileSettings& settings_;
    std::map<std::int64_t, double> logs_;  // by day
};

std::string four_decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", value);
    std::string found = text;
    found.erase(found.find_last_not_of('0') + 1);
    if (found.ends_with('.')) found.pop_back();
    return found;
}

}  // namespace

std::vector<ProfileWeek> derive_weeks(const DailySeries& series, const ProfileSettings& settings) {
    return Derivation(series, settings).weeks();
}

std::string profile_csv(const BehaviourProfile& profile) {
    std::string text = "series,week_start,ratio,weekday_ratio,weekend_ratio,method\n";
    for (const ProfileWeek& week : profile.weeks) {
        text += profile.name + "," + day_name(week.start_day) + "," + four_decimals(week.ratio) + "," +
                four_decimals(week.weekday_ratio) + "," + four_decimals(week.weekend_ratio) + "," + profile.method +
                "\n";
    }
    return text;
}

std::string profile_card(const BehaviourProfile& profile) {
    YAML::Emitter out;
    out << YAML::BeginMap << YAML::Key << "onset" << YAML::Value << day_name(profile.onset_day) << YAML::Key << "origin"
        << YAML::Value << YAML::DoubleQuoted << profile.origin << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

}  // namespace misfire
