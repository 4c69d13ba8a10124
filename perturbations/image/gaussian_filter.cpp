#include "perturbations/image/gaussian_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/vector_clones.h"
#include "perturbations/image/correlate_rows.h"

namespace misfire {

namespace {

// NumPy's pairwise summation for fewer than 129 terms: eight running sums, then the rest in order.
double sum_as_numpy(const std::vector<double>& x) {
    if (x.size() < 8) {
        double sum = 0.0;
        for (const double value : x) sum += value;
        return sum;
    }
    double r[8];
    std::copy_n(x.begin(), 8, r);
    std::size_t i = 8;
    for (; i + 8 <= x.size(); i += 8) {
        for (std::size_t k = 0; k < 8; ++k) r[k] += x[i + k];
    }
    double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < x.size(); ++i) sum += x[i];
    return sum;
}

MISFIRE_VECTOR_CLONES void correlate(const double* const* before, const double* const* after, const double* kernel,
                                     std::size_t radius, double* out, std::size_t count) {
    correlate_rows(before, after, kernel, radius, out, count);
}

// A kernel much wider than the line reads every sample many times over: fold it into one weight per pair of samples.
// matrix[i * size + j]: weight of sample j in output i.
std::vector<double> folded_kernel(const std::vector<double>& half, std::size_t size, Border border) {
    std::vector<double> matrix(size * size);
    const auto radius = static_cast<std::ptrdiff_t>(half.size()) - 1;
    const auto length = static_cast<std::ptrdiff_t>(size);
    for (std::ptrdiff_t i = 0; i < length; ++i) {
        for (std::ptrdiff_t k = -radius; k <= radius; ++k) {
            matrix[static_cast<std::size_t>(i) * size + inside(i + k, length, border)] +=
                half[static_cast<std::size_t>(std::abs(k))];
        }
    }
    return matrix;
}

// out (rows x count) = matrix (rows x rows) times in (rows x count).
MISFIRE_VECTOR_CLONES void multiply(const double* matrix, const double* in, std::size_t rows, std::size_t count,
                                    double* out) {
    for (std::size_t i = 0; i < rows; ++i) {
        double* line = out + i * count;
        for (std::size_t x = 0; x < count; ++x) line[x] = 0.0;
        for (std::size_t j = 0; j < rows; ++j) {
            const double weight = matrix[i * rows + j];
            const double* from = in + j * count;
            for (std::size_t x = 0; x < count; ++x) line[x] += weight * from[x];
        }
    }
}

void transpose(const double* in, std::size_t rows, std::size_t columns, double* out) {
    for (std::size_t y = 0; y < rows; ++y) {
        for (std::size_t x = 0; x < columns; ++x) out[x * rows + y] = in[y * columns + x];
    }
}

void filter_folded(double* data, std::size_t rows, std::size_t columns, const std::vector<double>& half, Border border,
                   std::vector<double>& work) {
    work.resize(2 * rows * columns);
    double* first = work.data();
    double* second = first + rows * columns;
    multiply(folded_kernel(half, rows, border).data(), data, rows, columns, first);
    transpose(first, rows, columns, second);
    multiply(folded_kernel(half, columns, border).data(), second, columns, rows, first);
    transpose(first, columns, rows, data);
}

void filter_separably(double* data, int height, int width, int channels, const std::vector<double>& kernel,
                      Border border, std::vector<double>& work) {
    const std::size_t radius = kernel.size() - 1;
    const auto rows = static_cast<std::size_t>(height);
    const auto step = static_cast<std::size_t>(channels);
    const auto columns = static_cast<std::size_t>(width);
    const std::size_t stride = columns * step;
    const std::size_t padded = stride + 2 * radius * step;
    // Vertical pass into rows with room for the continued ends, which the horizontal pass then reads.
    work.resize(rows * padded);
    std::vector<const double*> before(radius + 1), after(radius + 1);
    for (std::size_t y = 0; y < rows; ++y) {
        for (std::size_t r = 0; r <= radius; ++r) {
            const auto offset = static_cast<std::ptrdiff_t>(r);
            const auto row = static_cast<std::ptrdiff_t>(y);
            before[r] = data + inside(row - offset, height, border) * stride;
            after[r] = data + inside(row + offset, height, border) * stride;
        }
        double* line = work.data() + y * padded;
        correlate(before.data(), after.data(), kernel.data(), radius, line + radius * step, stride);
        for (std::size_t r = 1; r <= radius; ++r) {
            const std::size_t left = inside(-static_cast<std::ptrdiff_t>(r), width, border);
            const std::size_t right = inside(static_cast<std::ptrdiff_t>(columns + r) - 1, width, border);
            for (std::size_t c = 0; c < step; ++c) {
                line[(radius - r) * step + c] = line[(radius + left) * step + c];
                line[(radius + columns + r - 1) * step + c] = line[(radius + right) * step + c];
            }
        }
    }
    for (std::size_t y = 0; y < rows; ++y) {
        const double* centre = work.data() + y * padded + radius * step;
        for (std::size_t r = 0; r <= radius; ++r) {
            before[r] = centre - r * step;
            after[r] = centre + r * step;
        }
        correlate(before.data(), after.data(), kernel.data(), radius, data + y * stride, stride);
    }
}

}  // namespace

std::vector<double> gaussian_half_kernel(double sigma, double truncate) {
    const auto radius = static_cast<std::ptrdiff_t>(truncate * sigma + 0.5);
    std::vector<double> whole;
    for (std::ptrdiff_t i = -radius; i <= radius; ++i) {
        whole.push_back(std::exp(-0.5 / (sigma * sigma) * static_cast<double>(i * i)));
    }
    const double sum = sum_as_numpy(whole);
    std::vector<double> half;
    for (auto i = static_cast<std::size_t>(radius); i < whole.size(); ++i) half.push_back(whole[i] / sum);
    return half;
}

void gaussian_filter(double* data, int height, int width, int channels, double sigma, double truncate, Border border,
                     std::vector<double>& work) {
    if (sigma <= 1e-15) return;  // SciPy's threshold for skipping an axis
    const std::vector<double> kernel = gaussian_half_kernel(sigma, truncate);
    const std::size_t radius = kernel.size() - 1;
    if (channels == 1 && radius > static_cast<std::size_t>(std::min(height, width))) {
        filter_folded(data, static_cast<std::size_t>(height), static_cast<std::size_t>(width), kernel, border, work);
        return;
    }
    filter_separably(data, height, width, channels, kernel, border, work);
}

}  // namespace misfire
