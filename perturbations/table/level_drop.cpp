// Demand falls at once and stays low: what lockdowns did in March 2020.
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "level_drop";
    info.summary = "the target and all that is seen of it late fall to a fraction at once and stay there";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "mean of the target after the onset, over what it was";
    info.parameters = {share_of_the_change("of the fall `depth`: the level becomes 1 - s depth")};
    info.options = {onset_option(), number_option("depth", "of the fall at severity 5, in [0, 1]", "0.8"),
                    columns_option("that fall; empty: the target and the columns declared as lagged(..)")};
    info.reference =
        "our own levels; measured falls of 2020: Chicago transit to 0.20, French electricity to 0.83 of the year "
        "before";
    return info;
}

class LevelDrop final : public TableFamily {
  public:
    explicit LevelDrop(const Options& given) : TableFamily(describe(), given), depth_(number("depth", 0.0, 1.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        const double level = 1.0 - s * depth_;
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean))
            scale_behaviour(change.data, column, [&](std::size_t row) { return row < onset ? 1.0 : level; });
        change.effect = mean_ratio_of_target(clean, change.data, onset);
        return change;
    }

    double depth_;
};

}  // namespace

namespace families {
TablePerturbationEntry level_drop() { return {describe, make_family<LevelDrop>}; }
}  // namespace families

}  // namespace misfire
