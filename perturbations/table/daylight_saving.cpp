// Somebody forgot summer time: features lie an hour beside the target for half a year.
#include <chrono>
#include <cmath>

#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "daylight_saving";
    info.summary = "features are an hour late in summer, from the switch in March until somebody notices";
    info.domain = "series";
    info.category = "pipeline";
    info.effect = "share of the samples whose features are an hour late";
    info.parameters = {share_of_the_change("of summer time, from its beginning, that passes before it is noticed")};
    info.options = {
        columns_option("that are late; empty: all features that hold numbers and are not computed from "
                       "others")};
    info.reference =
        "our own levels; summer time of the European Union: last Sunday of March to last Sunday of October, 1:00 UTC "
        "(directive 2000/84/EC)";
    return info;
}

std::int64_t last_sunday(std::chrono::year year, std::chrono::month month) {
    const std::chrono::sys_days day(year / month / std::chrono::Sunday[std::chrono::last]);
    return std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count() + 3600;
}

// Whether a time lies in the first share s of a summer.
bool in_first_part_of_summer(std::int64_t seconds, double s) {
    const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
    const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year();
    const std::int64_t begin = last_sunday(year, std::chrono::March), end = last_sunday(year, std::chrono::October);
    return seconds >= begin && static_cast<double>(seconds - begin) < s * static_cast<double>(end - begin);
}

class DaylightSaving final : public TableFamily {
  public:
    explicit DaylightSaving(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        if (clean.step_seconds >= 86400)
            refuse("moves features by an hour, and the rows of this series lie " +
                   std::to_string(clean.step_seconds / 86400) +
                   " d apart. It needs data of several rows a day; take clock_shift for this one.");
        std::vector<bool> late;
        for (const std::int64_t seconds : clean.table.seconds) late.push_back(in_first_part_of_summer(seconds, s));
        TableChange change{clean, 0.0};
        for (const std::size_t column : numeric_input_columns(clean)) {
            const std::vector<double>& before = clean.table.columns[column].values;
            std::vector<double>& values = change.data.table.columns[column].values;
            for (std::size_t row = 0; row < values.size(); ++row) {
                if (late[row]) values[row] = an_hour_before(clean, before, row);
            }
            keep_as_set(change.data, column);
        }
        for (const std::uint32_t row : clean.samples) change.effect += late[row] ? 1.0 : 0.0;
        change.effect /= static_cast<double>(clean.samples.size());
        return change;
    }

    // On the straight line between two rows where no row lies there; before the series its first value.
    static double an_hour_before(const TableData& clean, const std::vector<double>& values, std::size_t row) {
        const double place = static_cast<double>(row) - 3600.0 / static_cast<double>(clean.step_seconds);
        if (place <= 0.0) return values.front();
        const auto lower = static_cast<std::size_t>(place);
        const double weight = place - static_cast<double>(lower);
        return weight == 0.0 ? values[lower] : values[lower] + weight * (values[lower + 1] - values[lower]);
    }
};

}  // namespace

namespace families {
TablePerturbationEntry daylight_saving() { return {describe, make_family<DaylightSaving>}; }
}  // namespace families

}  // namespace misfire
