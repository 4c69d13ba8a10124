// The model walked forward through time: each level shows the rows of one month, quarter or week.
#include <algorithm>
#include <ctime>
#include <map>
#include <utility>

#include "core/error.h"
#include "scenarios/data/table_file.h"
#include "scenarios/shifts/table_shift.h"

namespace misfire {

namespace {

struct Period {
    std::int64_t first = 0;  // seconds, inclusive
    std::int64_t last = 0;   // inclusive
    bool holds(std::int64_t seconds) const { return seconds >= first && seconds <= last; }
};

std::tm parts_of(std::int64_t seconds) {
    const std::time_t time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    return parts;
}

std::int64_t start_of(int year, int month, int day = 1) {
    std::tm parts{};
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;  // timegm normalises months beyond 12
    parts.tm_mday = day;
    return timegm(&parts);
}

// "2019", "2019-03", "2019-03-16"
Period period_of(const std::string& text, const std::string& what) {
    int year = 0, month = 0, day = 0;
    char rest = 0;
    const int read = std::sscanf(text.c_str(), "%4d-%2d-%2d%c", &year, &month, &day, &rest);
    const bool fits =
        (read == 1 && text.size() == 4) || (read == 2 && text.size() == 7) || (read == 3 && text.size() == 10);
    const bool there = fits && year >= 1900 && (read < 2 || (month >= 1 && month <= 12)) &&
                       (read < 3 || (day >= 1 && start_of(year, month, day) < start_of(year, month + 1)));
    if (!there) throw ScenarioError("`" + what + ": " + text + "` is no date. Write 2019, 2019-03 or 2019-03-16.");
    if (read == 1) return {start_of(year, 1), start_of(year + 1, 1) - 1};
    if (read == 2) return {start_of(year, month), start_of(year, month + 1) - 1};
    return {start_of(year, month, day), start_of(year, month, day) + 86399};
}

Period range_of(const std::string& text, const std::string& what) {
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos) return period_of(text, what);
    return {period_of(text.substr(0, dots), what).first, period_of(text.substr(dots + 2), what).last};
}

// A level's label and place on the axis.
Level level_of(CalendarSpec::By by, std::int64_t seconds) {
    const std::tm parts = parts_of(seconds);
    const int year = parts.tm_year + 1900;
    char label[32];
    switch (by) {
        case CalendarSpec::By::month:
            std::snprintf(label, sizeof label, "%04d-%02d", year, parts.tm_mon + 1);
            return {year * 12.0 + parts.tm_mon, label};
        case CalendarSpec::By::quarter:
            std::snprintf(label, sizeof label, "%04d-Q%d", year, parts.tm_mon / 3 + 1);
            return {year * 4.0 + parts.tm_mon / 3, label};
        case CalendarSpec::By::week: break;
    }
    const std::int64_t day = (seconds - (seconds % 86400 + 86400) % 86400) / 86400;
    const std::int64_t monday = day - ((day + 3) % 7 + 7) % 7;
    return {static_cast<double>((monday + 3) / 7), time_text(monday * 86400)};
}

// Samples of some rows only.
class PeriodView : public Dataset {
  public:
    PeriodView(const Dataset& clean, std::vector<bool> here) : clean_(clean), here_(std::move(here)) {}
    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }
    Sample at(std::size_t i) const override { return clean_.at(i); }
    bool has(std::size_t i) const override { return here_[i]; }

  private:
    const Dataset& clean_;
    std::vector<bool> here_;
};

class CalendarShift : public Shift {
  public:
    CalendarShift(const CalendarSpec& spec, const Dataset& data) {
        const TableData* table = data.table();
        if (table == nullptr || table->table.seconds.empty())
            throw ScenarioError("The shift `" + spec.name +
                                "` walks through time, and the data has no time column. Give "
                                "`data: {series: .., time: ..}`.");
        const std::int64_t begin =
            spec.from.empty() ? table->table.seconds.front() : period_of(spec.from, "from").first;
        const std::int64_t end = spec.to.empty() ? table->table.seconds.back() : period_of(spec.to, "to").last;
        reference_ = range_of(spec.reference, "reference");
        std::map<double, Level> levels;
        bool any_reference = false;
        for (const std::uint32_t row : table->samples) {
            const std::int64_t seconds = table->table.seconds[row];
            any_reference = any_reference || reference_.holds(seconds);
            if (seconds < begin || seconds > end) continue;
            const Level level = level_of(spec.by, seconds);
            levels.emplace(level.value, level);
        }
        const std::string covers = " The series covers " + time_text(table->table.seconds[table->samples.front()]) +
                                   " to " + time_text(table->table.seconds[table->samples.back()]) + ".";
        if (levels.empty())
            throw ScenarioError("The shift `" + spec.name + "`: no row lies between `from` and `to`." + covers);
        if (!any_reference)
            throw ScenarioError("The shift `" + spec.name + "`: no row lies in the reference period " + spec.reference +
                                "." + covers);
        fill_info(spec, levels);
        if (!spec.change.empty()) {
            change_ = period_of(spec.change, "change").first;
            if (*change_ <= reference_.last)
                throw ScenarioError("The shift `" + spec.name + "`: `change: " + spec.change +
                                    "` does not lie after the reference period " + spec.reference +
                                    ", in which all is well.");
        }
        for (const std::uint32_t row : table->samples)
            seconds_of_.emplace(time_text(table->table.seconds[row]), table->table.seconds[row]);
    }

    const ShiftInfo& info() const override { return info_; }

    std::optional<std::int64_t> changes_at(const Dataset&) const override { return change_; }

    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext&) const override {
        std::vector<bool> here(clean.size());
        for (std::size_t i = 0; i < clean.size(); ++i) {
            const std::int64_t seconds = seconds_of_.at(clean.key(i).id);
            here[i] =
                level == 0 ? reference_.holds(seconds) : level_of(by_, seconds).value == info_.levels[level].value;
        }
        return std::make_unique<PeriodView>(clean, std::move(here));
    }

  private:
    void fill_info(const CalendarSpec& spec, const std::map<double, Level>& levels) {
        by_ = spec.by;
        info_.name = spec.name;
        info_.kind = "calendar";
        info_.unit = spec.by == CalendarSpec::By::month     ? "month"
                     : spec.by == CalendarSpec::By::quarter ? "quarter"
                                                            : "week";
        info_.summary =
            "the model walked forward through time, one " + info_.unit + " a level, against " + spec.reference;
        info_.reference_is_clean = false;
        info_.reference_level = 0;
        info_.pairs_with = PairsWith::none;
        info_.levels.push_back({levels.begin()->first - 1.0, "reference"});
        for (const auto& [value, level] : levels) info_.levels.push_back(level);
        info_.version = "calendar:1," + info_.unit + ",reference=" + spec.reference;
    }

    std::optional<std::int64_t> change_;
    ShiftInfo info_;
    CalendarSpec::By by_ = CalendarSpec::By::month;
    Period reference_;
    std::map<std::string, std::int64_t> seconds_of_;  // by sample id
};

}  // namespace

std::unique_ptr<Shift> make_calendar_shift(const CalendarSpec& spec, const Dataset& data) {
    return std::make_unique<CalendarShift>(spec, data);
}

}  // namespace misfire
