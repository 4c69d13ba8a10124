#include "models/scores/linear_algebra.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

namespace misfire {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ColumnMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;

// Eigen takes samples as columns, which is how rows lie in memory.
Eigen::Map<const RowMajor> view(const Matrix& matrix) {
    return {matrix.values.data(), static_cast<Eigen::Index>(matrix.rows), static_cast<Eigen::Index>(matrix.columns)};
}

Matrix from(const ColumnMajor& matrix) {
    Matrix out(static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols()));
    Eigen::Map<RowMajor>(out.values.data(), matrix.rows(), matrix.cols()) = matrix;
    return out;
}

}  // namespace

Matrix product(const Matrix& samples, const Matrix& directions) {
    // Always so many samples at once: kernels and blocking follow from the sizes, and with them the last bits.
    constexpr Eigen::Index at_once = 16;
    Matrix out(samples.rows, directions.rows);
    const auto depth = static_cast<Eigen::Index>(samples.columns), width = static_cast<Eigen::Index>(directions.rows);
    const auto rows = static_cast<Eigen::Index>(samples.rows);
    ColumnMajor some = ColumnMajor::Zero(depth, at_once), result(width, at_once);
    const Eigen::Map<const ColumnMajor> all(samples.values.data(), depth, rows);
    Eigen::Map<ColumnMajor> answer(out.values.data(), width, rows);
    for (Eigen::Index first = 0; first < rows; first += at_once) {
        const Eigen::Index count = std::min(at_once, rows - first);
        some.leftCols(count) = all.middleCols(first, count);
        result.noalias() = view(directions) * some;
        answer.middleCols(first, count) = result.leftCols(count);
    }
    return out;
}

Matrix covariance(const Matrix& samples, const Matrix& centres, std::span<const std::int32_t> centre) {
    constexpr std::size_t at_once = 256;
    const auto depth = static_cast<Eigen::Index>(samples.columns);
    ColumnMajor sum = ColumnMajor::Zero(depth, depth), part(depth, static_cast<Eigen::Index>(at_once));
    std::size_t counted = 0;
    for (std::size_t first = 0; first < samples.rows; first += at_once) {
        Eigen::Index used = 0;
        for (std::size_t r = first; r < std::min(samples.rows, first + at_once); ++r) {
            if (centre[r] < 0) continue;
            const std::span<const double> mean = centres.row(static_cast<std::size_t>(centre[r]));
            for (std::size_t d = 0; d < samples.columns; ++d)
                part(static_cast<Eigen::Index>(d), used) = samples.row(r)[d] - mean[d];
            ++used;
        }
        sum.noalias() += part.leftCols(used) * part.leftCols(used).transpose();
        counted += static_cast<std::size_t>(used);
    }
    return from(sum / static_cast<double>(counted));
}

Spectrum spectrum_of(const Matrix& symmetric) {
    const Eigen::SelfAdjointEigenSolver<ColumnMajor> solver(view(symmetric));
    Spectrum spectrum;
    spectrum.values.assign(solver.eigenvalues().data(), solver.eigenvalues().data() + solver.eigenvalues().size());
    spectrum.vectors = from(solver.eigenvectors().transpose());
    return spectrum;
}

Matrix whitening_of(const Matrix& covariance) {
    const Spectrum spectrum = spectrum_of(covariance);
    double largest = 0.0;
    for (const double value : spectrum.values) largest = std::max(largest, std::abs(value));
    const double least = largest * static_cast<double>(covariance.rows) * std::numeric_limits<double>::epsilon();
    Matrix rows;
    rows.columns = covariance.columns;
    for (std::size_t i = 0; i < spectrum.values.size(); ++i) {
        if (spectrum.values[i] <= least) continue;
        ++rows.rows;
        for (const double value : spectrum.vectors.row(i)) rows.values.push_back(value / std::sqrt(spectrum.values[i]));
    }
    return rows;
}

std::vector<double> shortest_solution(const Matrix& a, std::span<const double> b) {
    const Eigen::CompleteOrthogonalDecomposition<ColumnMajor> decomposition(view(a));
    const Eigen::VectorXd solution =
        decomposition.solve(Eigen::Map<const Eigen::VectorXd>(b.data(), static_cast<Eigen::Index>(b.size())));
    return {solution.data(), solution.data() + solution.size()};
}

}  // namespace misfire
