// A new shop, device or code appears that the model never saw.
#include <limits>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "new_category";
    info.summary = "some rows have a category that was never there";
    info.domain = "table";
    info.category = "pipeline";
    info.effect = "share of the samples that have the new category";
    info.parameters = {share_of_the_change("of the rows that have the new category")};
    Option as{.name = "as",
              .meaning = "how the model sees it: as the code after the last one, or as a missing value",
              .default_value = "code",
              .choices = {"code", "missing"}};
    info.options = {{.name = "column",
                     .meaning = "of categories; empty: the first such feature",
                     .default_value = "",
                     .choices = {}},
                    as};
    info.reference = "our own levels";
    return info;
}

class NewCategory final : public TableFamily {
  public:
    explicit NewCategory(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::size_t chosen = feature(clean);
        const bool missing = text("as") == "missing";
        if (missing) require_missing_policy(clean);
        const std::vector<float> draws = uniforms(random, clean.table.rows(), 0);
        TableChange change{clean, 0.0};
        TableColumn& column = change.data.table.columns[chosen];
        const double code =
            missing ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(column.categories.size());
        for (std::size_t row = 0; row < column.values.size(); ++row) {
            if (static_cast<double>(draws[row]) < s) column.values[row] = code;
        }
        if (!missing) column.categories.push_back("(new)");
        for (const std::uint32_t row : clean.samples) change.effect += static_cast<double>(draws[row]) < s ? 1.0 : 0.0;
        change.effect /= static_cast<double>(clean.samples.size());
        return change;
    }

    std::size_t feature(const TableData& clean) const {
        if (!text("column").empty()) return categorical_column(clean, "column");
        for (const std::size_t raw : raw_features(clean)) {
            if (clean.table.columns[raw].categorical()) return raw;
        }
        refuse(
            "needs a feature of categories, and this table has none. Declare one: categories: {<column>: [<names in "
            "the order of their codes>]}.");
    }
};

}  // namespace

namespace families {
TablePerturbationEntry new_category() { return {describe, make_family<NewCategory>}; }
}  // namespace families

}  // namespace misfire
