// Values go missing by chance, independently of everything.
#include <limits>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "missing_random";
    info.summary = "values of the features go missing at random";
    info.domain = "table";
    info.category = "missing";
    info.effect = "share of the features' values that went missing";
    info.parameters = {share_of_the_change("of the rate: a value goes missing with probability s rate")};
    info.options = {number_option("rate", "at severity 5, in [0, 1]", "0.5"),
                    columns_option("that lose values; empty: all features that are not computed from others")};
    info.reference = "missing completely at random: Rubin, Biometrika 63(3), 1976; our own levels";
    return info;
}

class MissingRandom final : public TableFamily {
  public:
    explicit MissingRandom(const Options& given) : TableFamily(describe(), given), rate_(number("rate", 0.0, 1.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        require_missing_policy(clean);
        const std::vector<std::size_t> chosen = input_columns(clean, raw_features(clean));
        TableChange change{clean, 0.0};
        for (const std::size_t column : chosen) {
            const std::vector<float> draws = uniforms(random, clean.table.rows(), static_cast<std::uint32_t>(column));
            std::vector<double>& values = change.data.table.columns[column].values;
            for (std::size_t row = 0; row < values.size(); ++row) {
                if (static_cast<double>(draws[row]) < s * rate_) values[row] = std::numeric_limits<double>::quiet_NaN();
            }
            keep_as_set(change.data, column);
        }
        change.effect = share_of_changed_cells(clean, change.data, chosen);
        return change;
    }

    double rate_;
};

}  // namespace

namespace families {
TablePerturbationEntry missing_random() { return {describe, make_family<MissingRandom>}; }
}  // namespace families

}  // namespace misfire
