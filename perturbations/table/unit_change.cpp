// Somebody reports in another unit, or with the other sign, and nobody says so.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

struct Conversion {
    const char* name;
    double factor;
    double offset;
};

constexpr Conversion conversions[] = {{"thousand", 1e3, 0.0},
                                      {"thousandth", 1e-3, 0.0},
                                      {"percent", 100.0, 0.0},
                                      {"mw_to_kw", 1e3, 0.0},
                                      {"kelvin_to_celsius", 1.0, -273.15},
                                      {"celsius_to_kelvin", 1.0, 273.15},
                                      {"celsius_to_fahrenheit", 1.8, 32.0},
                                      {"sign", -1.0, 0.0}};

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "unit_change";
    info.summary = "features are reported in another unit from the onset on, in a share of the rows or columns";
    info.domain = "table";
    info.category = "sensor";
    info.effect = "share of the features' values from the onset on that changed";
    info.parameters = {share_of_the_change("of the rows from the onset on, or of the columns, that are reported so")};
    Option conversion{
        .name = "conversion", .meaning = "from right to wrong", .default_value = "thousand", .choices = {}};
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
          conversion_(*std::find_if(std::begin(conversions), std::end(conversions),
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
            for (std::size_t row = onset; row < values.size(); ++row) {
                if (by_rows && static_cast<double>(draws[row]) >= s) continue;
                values[row] = values[row] * conversion_.factor + conversion_.offset;
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

    Conversion conversion_;
};

}  // namespace

namespace families {
TablePerturbationEntry unit_change() { return {describe, make_family<UnitChange>}; }
}  // namespace families

}  // namespace misfire
