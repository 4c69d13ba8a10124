// Demand falls in a straight line over some days and stays low: a decision that takes a week to reach everybody.
#include <algorithm>

#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "ramp";
    info.summary = "the target and all that is seen of it late fall to a fraction over some days and stay there";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "mean of the target after the onset, over what it was";
    info.parameters = {share_of_the_change("of the fall `depth`: the level ends at 1 - s depth")};
    info.options = {onset_option(), number_option("depth", "of the fall at severity 5, in [0, 1]", "0.8"),
                    number_option("days", "from the onset to the whole fall, in [0.01, 3650]", "7"),
                    columns_option("that fall; empty: the target and the columns declared as lagged(..)")};
    info.reference = "our own levels; passengers of US airlines fell by 95 % within weeks of March 2020";
    return info;
}

class Ramp final : public TableFamily {
  public:
    explicit Ramp(const Options& given)
        : TableFamily(describe(), given), depth_(number("depth", 0.0, 1.0)), days_(number("days", 0.01, 3650.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) {
            scale_behaviour(change.data, column, [&](std::size_t row) {
                if (row < onset) return 1.0;
                return 1.0 - s * depth_ * std::min(1.0, days_between(clean, onset, row) / days_);
            });
        }
        change.effect = mean_ratio_of_target(clean, change.data, onset);
        return change;
    }

    double depth_, days_;
};

}  // namespace

namespace families {
TablePerturbationEntry ramp() { return {describe, make_family<Ramp>}; }
}  // namespace families

}  // namespace misfire
