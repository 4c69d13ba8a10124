// Demand falls at once and comes back slowly, not all the way.
#include "perturbations/table/recovery_curve.h"

#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "recovery";
    info.summary = "the target and all that is seen of it late fall at once and come back slowly, part of the way";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "mean of the target after the onset, over what it was";
    info.parameters = {share_of_the_change(
        "of the fall: the level is 1 - s depth r, with r = residual + (1 - residual) exp(-(t - hold) / tau)")};
    info.options = {onset_option(),
                    number_option("depth", "of the fall at severity 5, in [0, 1]", "0.8"),
                    number_option("hold", "days before the recovery begins, in [0, 3650]", "0"),
                    number_option("tau", "days in which the recovery does 63 % of its way, in [0.1, 36500]", "90"),
                    number_option("residual", "share of the fall that stays for ever, in [0, 1]", "0.3"),
                    columns_option("that fall; empty: the target and the columns declared as lagged(..)")};
    info.reference =
        "our own levels; people in Melbourne's streets: 0.11 of 2019 in April 2020, still 0.61 in May 2021";
    return info;
}

class Recovery final : public TableFamily {
  public:
    explicit Recovery(const Options& given)
        : TableFamily(describe(), given),
          depth_(number("depth", 0.0, 1.0)),
          curve_{number("hold", 0.0, 3650.0), number("tau", 0.1, 36500.0), number("residual", 0.0, 1.0)} {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) {
            scale_behaviour(change.data, column, [&](std::size_t row) {
                return row < onset ? 1.0 : 1.0 - s * depth_ * curve_.left(days_between(clean, onset, row));
            });
        }
        change.effect = mean_ratio_of_target(clean, change.data, onset);
        return change;
    }

    double depth_;
    RecoveryCurve curve_;
};

}  // namespace

namespace families {
TablePerturbationEntry recovery() { return {describe, make_family<Recovery>}; }
}  // namespace families

}  // namespace misfire
