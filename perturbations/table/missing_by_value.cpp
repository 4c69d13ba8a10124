// Who earns most does not say so: the largest values of a column go missing.
#include <algorithm>
#include <cmath>
#include <limits>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "missing_by_value";
    info.summary = "the largest (or smallest) values of the features go missing";
    info.domain = "table";
    info.category = "missing";
    info.effect = "share of the features' values that went missing";
    info.parameters = {share_of_the_change("of the part of each column that goes missing: the s rate largest values")};
    Option tail{.name = "tail", .meaning = "which values", .default_value = "top", .choices = {"top", "bottom"}};
    info.options = {number_option("rate", "part of each column at severity 5, in [0, 1]", "0.5"), tail,
                    columns_option("that lose values; empty: all features that hold numbers and are not computed from "
                                   "others")};
    info.reference = "missing not at random: Rubin, Biometrika 63(3), 1976; our own levels";
    return info;
}

class MissingByValue final : public TableFamily {
  public:
    explicit MissingByValue(const Options& given) : TableFamily(describe(), given), rate_(number("rate", 0.0, 1.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        require_missing_policy(clean);
        const std::vector<std::size_t> chosen = numeric_input_columns(clean);
        TableChange change{clean, 0.0};
        for (const std::size_t column : chosen) {
            std::vector<double>& values = change.data.table.columns[column].values;
            const std::vector<std::size_t> order = by_value(values, random, static_cast<std::uint32_t>(column));
            const auto gone = static_cast<std::size_t>(std::lround(s * rate_ * static_cast<double>(order.size())));
            for (std::size_t k = 0; k < gone; ++k) values[order[k]] = std::numeric_limits<double>::quiet_NaN();
            keep_as_set(change.data, column);
        }
        change.effect = share_of_changed_cells(clean, change.data, chosen);
        return change;
    }

    // Rows with a value, those that go first in front; equal values in an order that is drawn.
    std::vector<std::size_t> by_value(const std::vector<double>& values, const Random& random,
                                      std::uint32_t stream) const {
        const std::vector<float> draws = uniforms(random, values.size(), stream);
        const double sign = text("tail") == "top" ? -1.0 : 1.0;
        std::vector<std::size_t> order;
        for (std::size_t row = 0; row < values.size(); ++row) {
            if (!std::isnan(values[row])) order.push_back(row);
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return values[a] == values[b] ? draws[a] < draws[b] : sign * values[a] < sign * values[b];
        });
        return order;
    }

    double rate_;
};

}  // namespace

namespace families {
TablePerturbationEntry missing_by_value() { return {describe, make_family<MissingByValue>}; }
}  // namespace families

}  // namespace misfire
