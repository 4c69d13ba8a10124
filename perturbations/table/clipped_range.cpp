// A sensor saturates: what lies outside its range is reported as the end of the range.
#include <algorithm>
#include <cmath>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "clipped_range";
    info.summary = "features are clipped to a range that shrinks";
    info.domain = "table";
    info.category = "sensor";
    info.effect = "share of the features' values that were clipped";
    info.parameters = {
        share_of_the_change("of the quantile that is cut: values stay between the quantiles s clip and "
                            "1 - s clip of their column")};
    Option side{.name = "side",
                .meaning = "of the range that is cut",
                .default_value = "both",
                .choices = {"both", "top", "bottom"}};
    info.options = {number_option("clip", "quantile that is cut at severity 5, in [0, 0.5]", "0.4"), side,
                    columns_option("that are clipped; empty: all features that hold numbers and are not computed from "
                                   "others")};
    info.reference = "our own levels; quantiles in straight lines between order statistics (type 7)";
    return info;
}

class ClippedRange final : public TableFamily {
  public:
    explicit ClippedRange(const Options& given) : TableFamily(describe(), given), clip_(number("clip", 0.0, 0.5)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::vector<std::size_t> chosen = numeric_input_columns(clean);
        const double low = text("side") == "top" ? 0.0 : s * clip_;
        const double high = text("side") == "bottom" ? 1.0 : 1.0 - s * clip_;
        TableChange change{clean, 0.0};
        for (const std::size_t column : chosen) {
            std::vector<double>& values = change.data.table.columns[column].values;
            const double floor = quantile(values, low);
            const double ceiling = std::max(floor, quantile(values, high));  // they may cross by rounding at 0.5
            for (double& value : values) {
                if (!std::isnan(value)) value = std::clamp(value, floor, ceiling);
            }
            keep_as_set(change.data, column);
        }
        change.effect = share_of_changed_cells(clean, change.data, chosen);
        return change;
    }

    double clip_;
};

}  // namespace

namespace families {
TablePerturbationEntry clipped_range() { return {describe, make_family<ClippedRange>}; }
}  // namespace families

}  // namespace misfire
