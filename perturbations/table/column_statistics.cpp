#include "perturbations/table/column_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace misfire {

namespace {

using Standardised = std::vector<std::vector<double>>;  // [column][row]

std::vector<double> standardised(std::span<const double> values) {
    const ColumnStatistics all = statistics_of(values);
    std::vector<double> result(values.size(), 0.0);
    if (!(all.deviation > 1e-12 * std::abs(all.mean))) return result;
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (!std::isnan(values[row])) result[row] = (values[row] - all.mean) / all.deviation;
    }
    return result;
}

Standardised standardised(const Table& table, const std::vector<std::size_t>& columns) {
    Standardised all;
    for (const std::size_t column : columns) all.push_back(standardised(table.columns[column].values));
    return all;
}

std::vector<double> weighted_sum(const Standardised& columns, const std::vector<double>& weights) {
    std::vector<double> sum(columns.empty() ? 0 : columns.front().size(), 0.0);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        for (std::size_t row = 0; row < sum.size(); ++row) sum[row] += weights[c] * columns[c][row];
    }
    return standardised(sum);
}

Standardised covariance(const Standardised& columns) {
    Standardised matrix(columns.size(), std::vector<double>(columns.size(), 0.0));
    for (std::size_t a = 0; a < columns.size(); ++a) {
        for (std::size_t b = a; b < columns.size(); ++b) {
            double sum = 0.0;
            for (std::size_t row = 0; row < columns[a].size(); ++row) sum += columns[a][row] * columns[b][row];
            matrix[a][b] = matrix[b][a] = sum / static_cast<double>(columns[a].size());
        }
    }
    return matrix;
}

// Power iteration: the gap between the first two eigenvalues decides the precision, which nothing here depends on.
std::vector<double> first_eigenvector(const Standardised& matrix) {
    const std::size_t size = matrix.size();
    std::vector<double> vector(size);
    for (std::size_t i = 0; i < size; ++i) vector[i] = 1.0 + 1e-3 * static_cast<double>(i);
    for (int iteration = 0; iteration < 500; ++iteration) {
        std::vector<double> next(size, 0.0);
        double length = 0.0;
        for (std::size_t a = 0; a < size; ++a) {
            for (std::size_t b = 0; b < size; ++b) next[a] += matrix[a][b] * vector[b];
            length += next[a] * next[a];
        }
        if (length == 0.0) return next;
        double moved = 0.0;
        for (std::size_t a = 0; a < size; ++a) {
            next[a] /= std::sqrt(length);
            moved = std::max(moved, std::abs(next[a] - vector[a]));
        }
        vector = next;
        if (moved < 1e-12) break;
    }
    return vector;
}

}  // namespace

ColumnStatistics statistics_of(std::span<const double> values) {
    ColumnStatistics result;
    double sum = 0.0;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        result.smallest = result.known == 0 ? value : std::min(result.smallest, value);
        result.largest = result.known == 0 ? value : std::max(result.largest, value);
        ++result.known;
        sum += value;
    }
    if (result.known == 0) return result;
    result.mean = sum / static_cast<double>(result.known);
    double squares = 0.0;
    for (const double value : values) {
        if (!std::isnan(value)) squares += (value - result.mean) * (value - result.mean);
    }
    result.deviation = std::sqrt(squares / static_cast<double>(result.known));
    return result;
}

double quantile(std::span<const double> values, double at) {
    std::vector<double> known;
    for (const double value : values) {
        if (!std::isnan(value)) known.push_back(value);
    }
    if (known.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::sort(known.begin(), known.end());
    const double place = at * static_cast<double>(known.size() - 1);
    const auto lower = static_cast<std::size_t>(place);
    const std::size_t upper = std::min(lower + 1, known.size() - 1);
    return known[lower] + (place - static_cast<double>(lower)) * (known[upper] - known[lower]);
}

std::vector<double> along_the_sum(const Table& table, const std::vector<std::size_t>& columns) {
    return weighted_sum(standardised(table, columns), std::vector<double>(columns.size(), 1.0));
}

std::vector<double> along_the_principal_component(const Table& table, const std::vector<std::size_t>& columns) {
    const Standardised all = standardised(table, columns);
    std::vector<double> weights = first_eigenvector(covariance(all));
    const auto largest =
        std::max_element(weights.begin(), weights.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (largest != weights.end() && *largest < 0.0) {
        for (double& weight : weights) weight = -weight;
    }
    return weighted_sum(all, weights);
}

}  // namespace misfire
