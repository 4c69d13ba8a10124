// A sensor ages: what it reports moves away from the truth in a straight line.
#include "perturbations/table/column_statistics.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "sensor_drift";
    info.summary = "features drift away in a straight line from the onset to the end of the series";
    info.domain = "series";
    info.category = "sensor";
    info.effect = "mean offset of the samples from the onset on, in standard deviations of the feature";
    info.parameters = {share_of_the_change("of the drift: s k sd (t - onset) / (end - onset) is added")};
    info.options = {onset_option(),
                    number_option("k", "offset at the end at severity 5, in standard deviations; in [-100, 100]", "2"),
                    columns_option("that drift; empty: all features that hold numbers and are not computed from "
                                   "others")};
    info.reference =
        "calibration drift: Ni et al., Sensor network data fault types, ACM TOSN 5(3), 2009; our own levels";
    return info;
}

class SensorDrift final : public TableFamily {
  public:
    explicit SensorDrift(const Options& given) : TableFamily(describe(), given), end_(number("k", -100.0, 100.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean), rows = clean.table.rows();
        if (onset + 1 >= rows) refuse("needs rows after the onset to drift in. Give an earlier `onset`.");
        const auto offset = [&](std::size_t row) {
            return s * end_ * static_cast<double>(row - onset) / static_cast<double>(rows - 1 - onset);
        };
        TableChange change{clean, 0.0};
        for (const std::size_t column : numeric_input_columns(clean)) {
            std::vector<double>& values = change.data.table.columns[column].values;
            const double deviation = statistics_of(values).deviation;
            for (std::size_t row = onset; row < rows; ++row) values[row] += offset(row) * deviation;
            keep_as_set(change.data, column);
        }
        double count = 0.0;
        for (const std::uint32_t row : clean.samples) {
            if (row < onset) continue;
            change.effect += offset(row);
            count += 1.0;
        }
        if (count > 0.0) change.effect /= count;
        return change;
    }

    double end_;
};

}  // namespace

namespace families {
TablePerturbationEntry sensor_drift() { return {describe, make_family<SensorDrift>}; }
}  // namespace families

}  // namespace misfire
