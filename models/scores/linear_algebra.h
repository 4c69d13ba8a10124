// The matrix work of the scores, in double precision. Eigen does it, behind this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace misfire {

// Row-major.
struct Matrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values;

    Matrix() = default;
    Matrix(std::size_t r, std::size_t c) : rows(r), columns(c), values(r * c, 0.0) {}
    Matrix(std::size_t r, std::size_t c, std::span<const float> from)
        : rows(r), columns(c), values(from.begin(), from.end()) {}
    std::span<double> row(std::size_t r) { return std::span<double>(values).subspan(r * columns, columns); }
    std::span<const double> row(std::size_t r) const {
        return std::span<const double>(values).subspan(r * columns, columns);
    }
};

// samples [n, d] times the transpose of directions [m, d]: [n, m]. A row of the product is the same to the last bit
// whatever the other rows are and however many.
Matrix product(const Matrix& samples, const Matrix& directions);

// Mean of (x - c_r)(x - c_r)' over the rows x of samples [n, d]; `centre` gives for each row which row of `centres`
// [.., d] is subtracted, a negative one leaves the sample out. Requires at least one sample.
Matrix covariance(const Matrix& samples, const Matrix& centres, std::span<const std::int32_t> centre);

// Eigenvalues ascending, eigenvectors as rows. Requires a symmetric matrix.
struct Spectrum {
    std::vector<double> values;
    Matrix vectors;
};
Spectrum spectrum_of(const Matrix& symmetric);

// Rows w with w'w = pseudo-inverse of a covariance: |w x|^2 = x' P x. As many rows as the covariance has eigenvalues
// above d * 2^-52 times the largest (SciPy's pinvh).
Matrix whitening_of(const Matrix& covariance);

// The shortest x with a x = b, or with the least error where there is none: pinv(a) b.
std::vector<double> shortest_solution(const Matrix& a, std::span<const double> b);

}  // namespace misfire
