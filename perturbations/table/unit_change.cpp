// Somebody reports in another unit, or with the other sign, and nobody says so.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

struct Conversion {
    const char* name;
    double factor;
    double offset;
};

constexpr Conversion conversions[] = {{"miles_to_km", 1.609344, 0.0},
                                      {"thousand", 1e3, 0.0},
                                      {"thousandth", 1e-3, 0.0},
                                      {"percent", 100.0, 0.0},
                                      {"mw_to_kw", 1e3, 0.0},
                                      {"kelvin_to_celsius", 1.0, -273.15},
                                      {"celsius_to_kelvin", 1.0, 273.15},
                                      {"celsius_to_fahrenheit", 1.8, 32.0},
                                      {"sign", -1.0, 0.0}};

// What goes wrong with a quantity of this size: a temperature in kelvin, a share, thousands of something (kW reported
// in MW), and for everything else a length. Null for a constant or a flag, which has no unit.
const Conversion* likely_conversion(const std::vector<double>& values) {
    const ColumnStatistics all = statistics_of(values);
    const auto named = [](std::string_view name) {
        return std::find_if(std::begin(conversions), std::end(conversions),
                            [name](const Conversion& known) { return known.name == name; });
    };
    const bool two_values = std::all_of(values.begin(), values.end(), [&](double value) {
        return std::isnan(value) || value == all.smallest || value == all.largest;
    });
    if (two_values) return nullptr;
    if (all.smallest >= 200.0 && all.largest <= 340.0) return named("kelvin_to_celsius");
    if (all.smallest >= 0.0 && all.largest <= 1.0) return named("percent");
    if (std::max(std::abs(all.smallest), std::abs(all.largest)) >= 1000.0) return named("thousandth");
    return named("miles_to_km");
}

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "unit_change";
    info.summary = "features are reported in another unit from the onset on, in a share of the rows or columns";
    info.domain = "table";
    info.category = "sensor";
    info.effect = "share of the features' values from the onset on that changed";
    info.parameters = {share_of_the_change("of the rows from the onset on, or of the columns, that are reported so")};
    Option conversion{.name = "conversion",
                      .meaning =
                          "from right to wrong; likely: by the size of each column, kelvin_to_celsius within 200 "
                          "to 340, percent within 0 to 1, thousandth where values reach 1000, else miles_to_km; "
                          "columns of two values stay",
                      .default_value = "likely",
                      .choices = {"likely"}};
    for (const Conversion& known : conversions) conversion.choices.emplace_back(known.name);
    Option of{.name = "of",
              .meaning = "what s is the share of: single rows, or whole columns (rounded to whole ones)",
              .default_value = "rows",
              .choices = {"rows", "columns"}};
    info.options = {onset_option(), conversion, of,
                    columns_option("that may change; empty: all features that hold numbers and are not computed from "
                                   "others")};
    info.reference = "our own levels";
    return info;
}

class UnitChange final : public TableFamily {
  public:
    explicit UnitChange(const Options& given)
        : TableFamily(describe(), given),
          conversion_(std::find_if(std::begin(conversions), std::end(conversions),
                                   [&](const Conversion& known) { return known.name == text("conversion"); })) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::size_t onset = onset_row(clean);
        const std::vector<std::size_t> chosen = numeric_input_columns(clean);
        const bool by_rows = text("of") == "rows";
        const std::vector<float> draws = uniforms(random, by_rows ? clean.table.rows() : chosen.size(), 0);
        TableChange change{clean, 0.0};
        for (const std::size_t column : by_rows ? chosen : first_drawn(chosen, draws, s)) {
            std::vector<double>& values = change.data.table.columns[column].values;
            const bool likely = conversion_ == std::end(conversions);
            const Conversion* conversion = likely ? likely_conversion(values) : conversion_;
            if (conversion == nullptr) continue;
            for (std::size_t row = onset; row < values.size(); ++row) {
                if (by_rows && static_cast<double>(draws[row]) >= s) continue;
                values[row] = values[row] * conversion->factor + conversion->offset;
            }
            keep_as_set(change.data, column);
        }
        change.effect = share_of_changed_cells(clean, change.data, chosen, onset);
        return change;
    }

    // The share s of the columns with the smallest draws.
    static std::vector<std::size_t> first_drawn(const std::vector<std::size_t>& columns,
                                                const std::vector<float>& draws, double s) {
        std::vector<std::size_t> order(columns.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return draws[a] < draws[b]; });
        order.resize(static_cast<std::size_t>(std::lround(s * static_cast<double>(columns.size()))));
        for (std::size_t& place : order) place = columns[place];
        return order;
    }

    const Conversion* conversion_;  // the end where it is chosen for each column
};

}  // namespace

namespace families {
TablePerturbationEntry unit_change() { return {describe, make_family<UnitChange>}; }
}  // namespace families

}  // namespace misfire
