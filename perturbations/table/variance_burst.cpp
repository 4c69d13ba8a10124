// Weeks in which nothing is as usual: demand jumps up and down around its level.
#include <algorithm>
#include <cmath>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

constexpr std::uint32_t window_stream = 0, noise_stream = 1;  // and one more of noise for each column

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "variance_burst";
    info.summary = "noise on the target and all that is seen of it late, in clusters of days";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "root mean square change of the target after the onset, in its standard deviations";
    info.parameters = {share_of_the_change("of the rows that lie in a burst, and of the noise's amplitude s k sd")};
    Option noise{.name = "noise",
                 .meaning = "standard normal, or Student t with 3 degrees of freedom",
                 .default_value = "normal",
                 .choices = {"normal", "t3"}};
    info.options = {
        onset_option(), noise,
        number_option("k", "amplitude at severity 5 in standard deviations of the column, in [0, 100]", "1"),
        number_option("window", "rows of a burst, in [1, 100000]", "7"),
        columns_option("that jump; empty: the target and the columns declared as lagged(..)")};
    info.reference = "our own levels; columns that are never below 0 are not pushed below it";
    return info;
}

class VarianceBurst final : public TableFamily {
  public:
    explicit VarianceBurst(const Options& given)
        : TableFamily(describe(), given),
          amplitude_(number("k", 0.0, 100.0)),
          window_(static_cast<std::size_t>(number("window", 1.0, 100000.0))) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::size_t onset = onset_row(clean), rows = clean.table.rows();
        const std::vector<float> windows = uniforms(random, rows / window_ + 1, window_stream);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) {
            const ColumnStatistics all = statistics_of(clean.table.columns[column].values);
            const std::vector<double> e = noise(random, rows, column);
            const std::size_t late = rows_late(clean, column);
            std::vector<double>& values = change.data.table.columns[column].values;
            for (std::size_t row = onset; row + late < rows; ++row) {
                if (static_cast<double>(windows[(row - onset) / window_]) >= s) continue;
                double& value = values[row + late];
                value += s * amplitude_ * all.deviation * e[row];
                if (all.smallest >= 0.0 && value < 0.0) value = 0.0;
            }
        }
        change.effect = effect(clean, change.data, onset);
        return change;
    }

    std::vector<double> noise(const Random& random, std::size_t rows, std::size_t column) const {
        const bool heavy = text("noise") == "t3";
        const auto stream = static_cast<std::uint32_t>(noise_stream + column);
        // Four deviates a row: the first is the numerator, the others make the chi-squared of the denominator.
        const std::vector<float> z = normals(random, 4 * rows, stream);
        std::vector<double> e(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            e[row] = static_cast<double>(z[4 * row]);
            if (!heavy) continue;
            double squares = 0.0;
            for (std::size_t k = 1; k < 4; ++k) squares += static_cast<double>(z[4 * row + k] * z[4 * row + k]);
            e[row] /= std::sqrt(std::max(squares, 1e-12) / 3.0);
        }
        return e;
    }

    static double effect(const TableData& clean, const TableData& changed, std::size_t onset) {
        const std::vector<double>& before = clean.table.columns[clean.target].values;
        const std::vector<double>& after = changed.table.columns[clean.target].values;
        double squares = 0.0, count = 0.0;
        for (const std::uint32_t row : clean.samples) {
            if (row < onset) continue;
            squares += (after[row] - before[row]) * (after[row] - before[row]);
            count += 1.0;
        }
        return std::sqrt(squares / count) / statistics_of(before).deviation;
    }

    double amplitude_;
    std::size_t window_;
};

}  // namespace

namespace families {
TablePerturbationEntry variance_burst() { return {describe, make_family<VarianceBurst>}; }
}  // namespace families

}  // namespace misfire
