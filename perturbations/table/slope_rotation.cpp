// What the target follows turns from one direction of the features to another one.
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "slope_rotation";
    info.summary = "the linear part of a target that is a number turns towards another direction of the features";
    info.domain = "table";
    info.category = "population";
    info.moves = Moves::labels;
    info.effect = "mean absolute change of the target after the onset in its standard deviations";
    info.parameters = {share_of_the_change(
        "of a right angle: with the least-squares fit a f of the target on the standardised features (f of deviation "
        "1) "
        "and a drawn direction g that is uncorrelated with f, a f becomes a (cos t f + sin t g), t = s 90 degrees")};
    info.options = {onset_option(),
                    columns_option("that the target is fitted on; empty: all features that hold numbers and are not "
                                   "computed from others")};
    info.reference = "rotating hyperplane: Hulten, Spencer and Domingos, KDD 2001; our own levels";
    return info;
}

double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t row = 0; row < a.size(); ++row) sum += a[row] * b[row];
    return sum / static_cast<double>(a.size());
}

// Sum of the columns with weights.
std::vector<double> combined(const std::vector<std::vector<double>>& columns, const std::vector<double>& weights) {
    std::vector<double> sum(columns.front().size(), 0.0);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        for (std::size_t row = 0; row < sum.size(); ++row) sum[row] += weights[c] * columns[c][row];
    }
    return sum;
}

class SlopeRotation final : public TableFamily {
  public:
    explicit SlopeRotation(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        if (clean.classification)
            refuse("turns the slope of a number, and the target is a class. Take concept_shift, which flips classes.");
        const std::vector<std::vector<double>> columns = varying(clean);
        const std::vector<double> target = along_the_sum(clean.table, {clean.target});
        std::vector<double> fitted = combined(columns, least_squares(columns, target));
        const double slope = statistics_of(fitted).deviation;  // in deviations of the target
        if (!(slope > 1e-9))
            refuse(
                "finds nothing linear in the target that could turn. Name columns that it depends on: columns: "
                "<name>, <name>.");
        for (double& value : fitted) value /= slope;
        const std::vector<double> across = uncorrelated(columns, fitted, random);
        const double angle = s * std::numbers::pi / 2.0,
                     scale = statistics_of(clean.table.columns[clean.target].values).deviation;
        TableChange change{clean, 0.0};
        std::vector<double>& values = change.data.table.columns[clean.target].values;
        const std::size_t onset = onset_row(clean);
        for (std::size_t row = onset; row < values.size(); ++row)
            values[row] += scale * slope * ((std::cos(angle) - 1.0) * fitted[row] + std::sin(angle) * across[row]);
        change.effect = moved(clean, change.data, onset) / scale;
        return change;
    }

    // Standardised, those that hold one value only left out.
    std::vector<std::vector<double>> varying(const TableData& clean) const {
        std::vector<std::vector<double>> found;
        for (const std::size_t column : numeric_input_columns(clean)) {
            std::vector<double> values = along_the_sum(clean.table, {column});
            if (statistics_of(values).deviation > 0.0) found.push_back(std::move(values));
        }
        if (found.size() < 2)
            refuse(
                "turns the target from one feature towards others, and fewer than two of them vary. Name more: "
                "columns: <name>, <name>.");
        return found;
    }

    // The shortest solution, so that columns which repeat each other do no harm.
    static std::vector<double> least_squares(const std::vector<std::vector<double>>& columns,
                                             const std::vector<double>& target) {
        const int size = static_cast<int>(columns.size());
        cv::Mat1d products(size, size), with_target(size, 1), weights;
        for (int a = 0; a < size; ++a) {
            const std::vector<double>& column = columns[static_cast<std::size_t>(a)];
            for (int b = 0; b < size; ++b) products(a, b) = mean_product(column, columns[static_cast<std::size_t>(b)]);
            with_target(a, 0) = mean_product(column, target);
        }
        cv::solve(products, with_target, weights, cv::DECOMP_SVD);
        return {weights.begin(), weights.end()};
    }

    std::vector<double> uncorrelated(const std::vector<std::vector<double>>& columns, const std::vector<double>& fitted,
                                     const Random& random) const {
        const std::vector<float> drawn = normals(random, columns.size(), 0);
        std::vector<double> other = combined(columns, {drawn.begin(), drawn.end()});
        const double along = mean_product(other, fitted);
        for (std::size_t row = 0; row < other.size(); ++row) other[row] -= along * fitted[row];
        const double length = statistics_of(other).deviation;
        if (!(length > 1e-9))
            refuse(
                "finds no direction besides the one that the target follows: its features repeat each other. Name "
                "others: columns: <name>, <name>.");
        for (double& value : other) value /= length;
        return other;
    }

    static double moved(const TableData& clean, const TableData& changed, std::size_t onset) {
        double sum = 0.0, count = 0.0;
        for (const std::uint32_t row : clean.samples) {
            if (row < onset) continue;
            sum += std::abs(changed.table.columns[clean.target].values[row] -
                            clean.table.columns[clean.target].values[row]);
            count += 1.0;
        }
        return count == 0.0 ? 0.0 : sum / count;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry slope_rotation() { return {describe, make_family<SlopeRotation>}; }
}  // namespace families

}  // namespace misfire
