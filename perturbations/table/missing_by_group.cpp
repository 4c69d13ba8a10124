// One hospital, shop or country stops reporting: values go missing depending on a group.
#include <cmath>
#include <limits>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

constexpr std::uint32_t group_stream = 0, cell_stream = 1;  // and one more of cells for each column

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "missing_by_group";
    info.summary = "values of the features go missing in one group much more often than in the others";
    info.domain = "table";
    info.category = "missing";
    info.effect = "share of the features' values that went missing";
    info.parameters = {
        share_of_the_change("of the rates: a value goes missing with probability s rate or s elsewhere")};
    info.options = {{.name = "by",
                     .meaning = "column of groups; empty: the first column of categories that is not the target",
                     .default_value = "",
                     .choices = {}},
                    {.name = "group",
                     .meaning = "group that loses values; empty: drawn among those that there are",
                     .default_value = "",
                     .choices = {}},
                    number_option("rate", "in that group at severity 5, in [0, 1]", "0.8"),
                    number_option("elsewhere", "rate in the others at severity 5, in [0, 1]", "0.08"),
                    columns_option("that lose values; empty: all features that are not computed from others, without "
                                   "the column of groups")};
    info.reference = "missing at random given a column: Rubin, Biometrika 63(3), 1976; our own levels";
    return info;
}

class MissingByGroup final : public TableFamily {
  public:
    explicit MissingByGroup(const Options& given)
        : TableFamily(describe(), given), rate_(number("rate", 0.0, 1.0)), elsewhere_(number("elsewhere", 0.0, 1.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        require_missing_policy(clean);
        const std::size_t by = categorical_column(clean, "by");
        const std::size_t group = losing_group(clean.table.columns[by], random);
        std::vector<std::size_t> otherwise = raw_features(clean);
        std::erase(otherwise, by);
        const std::vector<std::size_t> chosen = input_columns(clean, otherwise);
        const std::vector<double> groups = clean.table.columns[by].values;
        TableChange change{clean, 0.0};
        for (const std::size_t column : chosen) {
            const std::vector<float> draws =
                uniforms(random, clean.table.rows(), cell_stream + static_cast<std::uint32_t>(column));
            std::vector<double>& values = change.data.table.columns[column].values;
            for (std::size_t row = 0; row < values.size(); ++row) {
                const double rate = groups[row] == static_cast<double>(group) ? rate_ : elsewhere_;
                if (static_cast<double>(draws[row]) < s * rate) values[row] = std::numeric_limits<double>::quiet_NaN();
            }
            keep_as_set(change.data, column);
        }
        change.effect = share_of_changed_cells(clean, change.data, chosen);
        return change;
    }

    std::size_t losing_group(const TableColumn& by, const Random& random) const {
        if (!text("group").empty()) return category(by, "group");
        std::vector<bool> there(by.categories.size(), false);
        for (const double value : by.values) {
            if (!std::isnan(value)) there[static_cast<std::size_t>(value)] = true;
        }
        std::vector<std::size_t> present;
        for (std::size_t g = 0; g < there.size(); ++g) {
            if (there[g]) present.push_back(g);
        }
        if (present.empty())
            refuse("finds no group in `" + by.name + "`, which is empty. Name another column in `by`.");
        return present[pick(random, present.size(), group_stream)];
    }

    double rate_, elsewhere_;
};

}  // namespace

namespace families {
TablePerturbationEntry missing_by_group() { return {describe, make_family<MissingByGroup>}; }
}  // namespace families

}  // namespace misfire
