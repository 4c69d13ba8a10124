// Everything that a lockdown does to demand at once: it falls, weekdays look like Sundays, peaks come later, and all of
// it comes back slowly.
#include <array>
#include <optional>

#include "perturbations/table/family.h"
#include "perturbations/table/recovery_curve.h"
#include "perturbations/table/time_profile.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "lockdown";
    info.summary = "level drop, weekday flattening, peak shift and recovery together";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "mean of the target after the onset, over what it was";
    info.parameters = {
        share_of_the_change("of every part. All of them fade as r = residual + (1 - residual) "
                            "exp(-(t - hold) / tau)")};
    info.options = {
        onset_option(),
        number_option("depth", "of the fall at severity 5, in [0, 1]", "0.8"),
        number_option("flattening", "share of the way of weekdays to Sundays at severity 5, in [0, 1]", "0.6"),
        number_option("hours",
                      "by which peaks of the day come later at severity 5, in [-12, 12]; for steps below a day", "1"),
        number_option("days",
                      "by which peaks of the year come later at severity 5, in [-182, 182]; for steps of a day and "
                      "more, and 0 unless given, as lockdowns moved hours and not seasons",
                      "0"),
        number_option("hold", "days before the recovery begins, in [0, 3650]", "0"),
        number_option("tau", "days in which the recovery does 63 % of its way, in [0.1, 36500]", "90"),
        number_option("residual", "share that stays for ever, in [0, 1]", "0.3"),
        columns_option("that change; empty: the target and the columns declared as lagged(..)")};
    info.reference =
        "our own composite; flattening after Chicago transit in April 2020 (weekdays over Sundays 2.59 to 1.67)";
    return info;
}

class Lockdown final : public TableFamily {
  public:
    explicit Lockdown(const Options& given)
        : TableFamily(describe(), given),
          depth_(number("depth", 0.0, 1.0)),
          flattening_(number("flattening", 0.0, 1.0)),
          hours_(number("hours", -12.0, 12.0)),
          days_(number("days", -182.0, 182.0)),
          curve_{number("hold", 0.0, 3650.0), number("tau", 0.1, 36500.0), number("residual", 0.0, 1.0)} {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) scale(clean, change.data, column, onset, s);
        change.effect = mean_ratio_of_target(clean, change.data, onset);
        return change;
    }

    void scale(const TableData& clean, TableData& changed, std::size_t column, std::size_t onset, double s) const {
        const std::array<double, 7> week = weekday_profile(clean, column, info().name);
        const double shift = SeasonProfile::intraday(clean) ? hours_ : days_;
        std::optional<SeasonProfile> season;  // not asked for where nothing shifts: a year of data is not needed then
        if (shift != 0.0) season.emplace(clean, column, info().name);
        scale_behaviour(changed, column, [&](std::size_t row) {
            if (row < onset) return 1.0;
            const std::int64_t seconds = clean.table.seconds[row];
            const double now = s * curve_.left(days_between(clean, onset, row));
            const double own = week[static_cast<std::size_t>(weekday_of(seconds))];
            const double weekday = 1.0 + now * flattening_ * (week[6] - own) / own;
            return (1.0 - now * depth_) * weekday * (season ? season->ratio(seconds, now * shift) : 1.0);
        });
    }

    double depth_, flattening_, hours_, days_;
    RecoveryCurve curve_;
};

}  // namespace

namespace families {
TablePerturbationEntry lockdown() { return {describe, make_family<Lockdown>}; }
}  // namespace families

}  // namespace misfire
