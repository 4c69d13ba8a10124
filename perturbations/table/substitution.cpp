// What one column loses another gains: shops and online orders, office and home.
#include <algorithm>
#include <cmath>

#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "substitution";
    info.summary = "a part of one column moves into another one, and their sum stays";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "share of both columns' sum after the onset that has moved";
    info.parameters = {share_of_the_change("of the part `depth` of `from` that moves to `to`")};
    Option to{.name = "to", .meaning = "column that gains", .default_value = "", .choices = {}, .required = true};
    info.options = {
        onset_option(),
        {.name = "from", .meaning = "column that loses; empty: the target", .default_value = "", .choices = {}},
        to,
        number_option("depth", "part of `from` that moves at severity 5, in [0, 1]", "0.5")};
    info.reference =
        "our own levels; US retail: online orders +31.8 % in the second quarter of 2020 while the total fell by 3.6 %";
    return info;
}

class Substitution final : public TableFamily {
  public:
    explicit Substitution(const Options& given) : TableFamily(describe(), given), depth_(number("depth", 0.0, 1.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        const std::size_t from = text("from").empty() ? clean.target : column(clean, "from", text("from"));
        const std::size_t to = column(clean, "to", text("to"));
        if (from == to) refuse("moves `" + text("to") + "` into itself. Let `from` and `to` name two columns.");
        require_movable(clean, {from, to});
        const std::size_t late_from = rows_late(clean, from), late_to = rows_late(clean, to);
        TableChange change{clean, 0.0};
        std::vector<double>& source = change.data.table.columns[from].values;
        std::vector<double>& sink = change.data.table.columns[to].values;
        double all = 0.0, moved_sum = 0.0;
        for (std::size_t row = onset; row + std::max(late_from, late_to) < source.size(); ++row) {
            double& loses = source[row + late_from];
            double& gains = sink[row + late_to];
            if (std::isnan(loses) || std::isnan(gains)) continue;
            const double moved = s * depth_ * loses;
            all += loses + gains;
            moved_sum += moved;
            loses -= moved;
            gains += moved;
        }
        change.effect = moved_sum / all;
        return change;
    }

    double depth_;
};

}  // namespace

namespace families {
TablePerturbationEntry substitution() { return {describe, make_family<Substitution>}; }
}  // namespace families

}  // namespace misfire
