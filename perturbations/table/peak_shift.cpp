// The same day, or year, only later: people get up when they like.
#include "perturbations/table/family.h"
#include "perturbations/table/time_profile.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "peak_shift";
    info.summary = "the peaks of the day (of the year, where steps are days) come later";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "mean absolute change of the target after the onset, over its mean";
    info.parameters = {share_of_the_change(
        "of the shift: a value is multiplied by the mean profile s hours (or s days) earlier over that of its time")};
    info.options = {onset_option(),
                    number_option("hours", "later at severity 5, for steps below a day, in [-12, 12]", "3"),
                    number_option("days", "later at severity 5, for steps of a day and more, in [-182, 182]", "30"),
                    columns_option("that shift; empty: the target and the columns declared as lagged(..)")};
    info.reference = "our own levels; circular shift of the mean profile with straight lines between its bins";
    return info;
}

class PeakShift final : public TableFamily {
  public:
    explicit PeakShift(const Options& given)
        : TableFamily(describe(), given), hours_(number("hours", -12.0, 12.0)), days_(number("days", -182.0, 182.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        const double shift = s * (SeasonProfile::intraday(clean) ? hours_ : days_);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) {
            const SeasonProfile profile(clean, column, info().name);
            scale_behaviour(change.data, column, [&](std::size_t row) {
                return row < onset ? 1.0 : profile.ratio(clean.table.seconds[row], shift);
            });
        }
        change.effect = mean_move_of_target(clean, change.data, onset);
        return change;
    }

    double hours_, days_;
};

}  // namespace

namespace families {
TablePerturbationEntry peak_shift() { return {describe, make_family<PeakShift>}; }
}  // namespace families

}  // namespace misfire
