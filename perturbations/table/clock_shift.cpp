// Two clocks disagree: the features of a row belong to another time than its target.
#include <cmath>

#include "perturbations/table/family.h"
#include "perturbations/table/late_rows.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "clock_shift";
    info.summary = "features arrive some rows late (or early) against the target";
    info.domain = "series";
    info.category = "pipeline";
    info.monotone = false;
    info.why_not_monotone = "a shift by a whole cycle, such as seven days, does less than one by half of it";
    info.effect = "rows by which the features are late";
    info.parameters = {share_of_the_change("of the shift: s rows, rounded to whole ones")};
    info.options = {number_option("rows",
                                  "by which features are late at severity 5, in [-100000, 100000]; below 0 they "
                                  "are early",
                                  "5"),
                    columns_option("that shift; empty: all features that are not computed from others")};
    info.reference = "our own levels";
    return info;
}

class ClockShift final : public TableFamily {
  public:
    explicit ClockShift(const Options& given)
        : TableFamily(describe(), given), rows_(number("rows", -100000.0, 100000.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const auto late = std::lround(s * rows_);
        TableChange change{clean, static_cast<double>(late)};
        for (const std::size_t column : input_columns(clean, raw_features(clean))) {
            std::vector<double>& values = change.data.table.columns[column].values;
            values = delayed(values, late);
            keep_as_set(change.data, column);
        }
        return change;
    }

    double rows_;
};

}  // namespace

namespace families {
TablePerturbationEntry clock_shift() { return {describe, make_family<ClockShift>}; }
}  // namespace families

}  // namespace misfire
