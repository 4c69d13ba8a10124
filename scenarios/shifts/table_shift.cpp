#include "scenarios/shifts/table_shift.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/random.h"
#include "core/time_text.h"
#include "perturbations/table/registry.h"
#include "scenarios/behaviour_profile.h"
#include "scenarios/data/derived_columns.h"
#include "scenarios/data/table_file.h"
#include "scenarios/severities.h"
#include "scenarios/shifts/table_view.h"

namespace misfire {

namespace {

constexpr double no_effect = std::numeric_limits<double>::quiet_NaN();

const TableData& table_behind(const Dataset* whole, const std::string& shift) {
    if (whole == nullptr || whole->table() == nullptr) {
        throw ScenarioError("The shift `" + shift +
                            "` changes tables and series, and the data is images. Give `data: {series: ..}` or "
                            "`{table: ..}`, or take a perturbation of images.");
    }
    return *whole->table();
}

void add_levels(ShiftInfo& info, const std::vector<double>& severities) {
    info.unit = "severity";
    info.levels.push_back({0.0, "0"});
    for (const double severity : severities) info.levels.push_back({severity, level_label(severity)});
}

// Changes of the whole table: what a subclass says to do at a level, and derived columns after it.
class WholeTableShift : public Shift {
  public:
    const ShiftInfo& info() const override { return info_; }

    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const override {
        const TableData& table = table_behind(context.whole, info_.name);
        return std::make_unique<TableView>(clean, *context.whole, changed(table, level).data);
    }

    double effect(const Dataset& whole, std::size_t level) const override {
        return level == 0 ? no_effect : changed(table_behind(&whole, info_.name), level).effect;
    }

  protected:
    virtual TableChange change(const TableData& clean, double severity) const = 0;

    ShiftInfo info_;
    bool frozen_lags_ = false;

  private:
    TableChange changed(const TableData& clean, std::size_t level) const {
        const double severity = info_.levels.at(level).value;
        if (severity == 0.0) return {clean, no_effect};
        TableChange result = change(clean, severity);
        if (!frozen_lags_) recompute_derived(result.data);
        return result;
    }
};

class FamilyShift : public WholeTableShift {
  public:
    FamilyShift(const TablePerturbSpec& spec, std::uint64_t seed)
        : family_(make_table_perturbation(spec.family, spec.options)), seed_(seed) {
        const TablePerturbationInfo& family = family_->info();
        info_.name = spec.name;
        info_.kind = "table";
        info_.summary = family.summary;
        info_.labels_changed = family.moves != Moves::inputs;
        info_.version = family.name + ":" + std::to_string(family.version);
        for (const auto& [key, value] : spec.options) info_.version += "," + key + "=" + value;
        if (spec.frozen_lags) info_.version += ",frozen_lags";
        info_.effect_meaning = family.effect;
        info_.moves = name_of(family.moves);
        frozen_lags_ = spec.frozen_lags;
        add_levels(info_, spec.severities);
    }

    std::optional<std::int64_t> changes_at(const Dataset& whole) const override {
        const TableData& table = table_behind(&whole, info_.name);
        const std::optional<std::size_t> row = family_->onset(table);
        if (!row) return std::nullopt;
        return table.table.seconds.at(*row);
    }

  protected:
    TableChange change(const TableData& clean, double severity) const override {
        const TablePerturbationInfo& family = family_->info();
        if (family.domain == "series" && clean.table.seconds.empty()) {
            throw ScenarioError("`" + family.name +
                                "` changes series, and this table has no time column. Give `data: {series: .., time: "
                                "..}`, or take a change of tables (misfire list perturbations).");
        }
        KeyHash key;
        key.add("misfire table").add(seed_).add(family.name).add(static_cast<std::uint64_t>(family.version));
        return family_->apply(clean, severity, Random(key.value()));
    }

  private:
    std::unique_ptr<TablePerturbation> family_;
    std::uint64_t seed_;
};

class BehaviourShift : public WholeTableShift {
  public:
    explicit BehaviourShift(const BehaviourSpec& spec)
        : spec_(spec), profile_(read_profile(spec.profile, spec.series)) {
        info_.name = spec.name;
        info_.kind = "behaviour";
        info_.summary = "behaviour measured in " + profile_.name +
                        (profile_.origin.empty() ? "" : " (" + profile_.origin + ")") + " replayed";
        info_.labels_changed = true;
        info_.version = profile_.name + ":1,from=" + spec.from + ",end=" + spec.end +
                        (spec.by_weekday ? "" : ",all_days") + (spec.frozen_lags ? ",frozen_lags" : "");
        for (const ProfileWeek& week : profile_.weeks) info_.version += "," + level_label(week.ratio);
        info_.effect_meaning = "smallest factor on a day of the series";
        info_.moves = name_of(spec.frozen_lags ? Moves::labels : Moves::both);
        frozen_lags_ = spec.frozen_lags;
        add_levels(info_, spec.severities);
        if (!spec.from.empty()) offset_days_ = date(spec.from) - profile_.onset_day;
    }

    // The factor is 1 before the onset of the profile.
    std::optional<std::int64_t> changes_at(const Dataset&) const override {
        return (profile_.onset_day + offset_days_) * 86400;
    }

  protected:
    TableChange change(const TableData& clean, double severity) const override {
        if (clean.table.seconds.empty())
            throw ScenarioError("The shift `" + info_.name + "` replays a series, and this table has no time column.");
        require_overlap(clean);
        TableChange result{clean, 1.0};
        for (const std::size_t column : moved_columns(clean)) apply_to(result, column, severity);
        return result;
    }

  private:
    static std::int64_t date(const std::string& text) {
        if (const std::optional<std::int64_t> day = parse_day(text)) return *day;
        throw ScenarioError("`from: " + text + "` is no date. Write it as 2019-03-18.");
    }

    static std::string day_text(std::int64_t day) { return time_text(day * 86400); }

    void require_overlap(const TableData& clean) const {
        const std::int64_t first = clean.table.seconds.front() / 86400, last = clean.table.seconds.back() / 86400;
        const std::int64_t begin = profile_.onset_day + offset_days_;
        const std::int64_t end = profile_.weeks.back().start_day + 6 + offset_days_;
        if (begin <= last && (end >= first || spec_.end == "hold")) return;
        throw ScenarioError("The shift `" + info_.name + "`: the profile " + profile_.name + " covers " +
                            day_text(begin) + " to " + day_text(end) + " and the series " + day_text(first) + " to " +
                            day_text(last) + ". Lay its onset into the series with `from:` (" +
                            day_text(first + (last - first) / 2) + ", say).");
    }

    std::vector<std::size_t> moved_columns(const TableData& clean) const {
        std::vector<std::size_t> columns = {clean.target};
        for (const std::string& name : spec_.columns) {
            const auto found = clean.table.find(name);
            if (!found)
                throw ScenarioError("The shift `" + info_.name + "` names no column of the data: `" + name + "`." +
                                    did_you_mean(name, clean.table.names()));
            columns.push_back(*found);
        }
        for (const DerivedColumn& derived : clean.derived) {
            if (spec_.columns.empty() && derived.kind == DerivedColumn::Kind::lagged) columns.push_back(derived.column);
        }
        return columns;
    }

    void apply_to(TableChange& result, std::size_t column, double severity) const {
        std::int64_t late_seconds = 0;
        for (const DerivedColumn& derived : result.data.derived) {
            if (derived.kind == DerivedColumn::Kind::lagged && derived.column == column)
                late_seconds = static_cast<std::int64_t>(derived.steps) * result.data.step_seconds;
        }
        if (late_seconds > 0 && frozen_lags_) return;
        std::vector<double>& values = result.data.table.columns[column].values;
        for (std::size_t row = 0; row < values.size(); ++row) {
            const std::int64_t seconds = result.data.table.seconds[row] - late_seconds;
            const std::int64_t day = (seconds - (seconds % 86400 + 86400) % 86400) / 86400;
            const double factor = profile_factor(profile_, day - offset_days_, is_weekend(day), spec_.by_weekday,
                                                 severity, spec_.end == "hold");
            values[row] *= factor;
            if (column == result.data.target) result.effect = std::min(result.effect, factor);
        }
    }

    BehaviourSpec spec_;
    BehaviourProfile profile_;
    std::int64_t offset_days_ = 0;  // from the profile's calendar to that of the series
};

}  // namespace

std::unique_ptr<Shift> make_table_shift(const TablePerturbSpec& spec, std::uint64_t seed) {
    return std::make_unique<FamilyShift>(spec, seed);
}

std::unique_ptr<Shift> make_behaviour_shift(const BehaviourSpec& spec) {
    return std::make_unique<BehaviourShift>(spec);
}

}  // namespace misfire
