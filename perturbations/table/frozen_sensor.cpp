// A sensor hangs: it reports the last value that it saw, or what its range ends at.
#include <cmath>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "frozen_sensor";
    info.summary = "features stay at one value for a time";
    info.domain = "series";
    info.category = "sensor";
    info.effect = "share of the rows from the onset on in which the features are frozen";
    info.parameters = {share_of_the_change("of the rows from the onset on, without a break")};
    Option stuck{.name = "stuck",
                 .meaning =
                     "at the last value before (the first, where the onset is row 0), at 0, or at the largest "
                     "value of the column",
                 .default_value = "last",
                 .choices = {"last", "zero", "max"}};
    info.options = {onset_option(), stuck,
                    columns_option("that freeze; empty: all features that hold numbers and are not computed from "
                                   "others")};
    info.reference = "stuck-at faults: Ni et al., Sensor network data fault types, ACM TOSN 5(3), 2009; our own levels";
    return info;
}

class FrozenSensor final : public TableFamily {
  public:
    explicit FrozenSensor(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean), rows = clean.table.rows();
        const auto frozen = static_cast<std::size_t>(std::lround(s * static_cast<double>(rows - onset)));
        TableChange change{clean, static_cast<double>(frozen) / static_cast<double>(rows - onset)};
        for (const std::size_t column : numeric_input_columns(clean)) {
            std::vector<double>& values = change.data.table.columns[column].values;
            const double held = stuck_at(clean.table.columns[column].values, onset);
            for (std::size_t row = onset; row < onset + frozen; ++row) values[row] = held;
            keep_as_set(change.data, column);
        }
        return change;
    }

    double stuck_at(const std::vector<double>& values, std::size_t onset) const {
        if (text("stuck") == "zero") return 0.0;
        if (text("stuck") == "max") return statistics_of(values).largest;
        for (std::size_t row = onset; row-- > 0;) {
            if (!std::isnan(values[row])) return values[row];
        }
        for (const double value : values) {
            if (!std::isnan(value)) return value;
        }
        return 0.0;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry frozen_sensor() { return {describe, make_family<FrozenSensor>}; }
}  // namespace families

}  // namespace misfire
