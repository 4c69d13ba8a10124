#include "perturbations/image/gaussian_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "perturbations/vector_clones.h"

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

// Index of the sample that stands at position i of a line of `size` samples continued beyond its ends.
std::size_t inside(std::ptrdiff_t i, std::ptrdiff_t size, Border border) {
    if (border == Border::nearest) return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, size - 1));
    const std::ptrdiff_t period = 2 * size;
    i = ((i % period) + period) % period;
    return static_cast<std::size_t>(i < size ? i : period - 1 - i);
}

// out[i] = k[0] centre[i] + sum from the farthest pair to the nearest of k[r] (before_r[i] + after_r[i]); the rows of pair r start
// at before[r] and after[r].
MISFIRE_VECTOR_CLONES void correlate(const double* const* before, const double* const* after, const double* kernel,
                                     std::size_t radius, double* out, std::size_t count) {
    constexpr std::size_t block = 32;
    std::size_t i = 0;
    for (; i + block <= count; i += block) {
        double sum[block];
        for (std::size_t k = 0; k < block; ++k) sum[k] = before[0][i + k] * kernel[0];
        for (std::size_t r = radius; r > 0; --r) {
            const double* left = before[r] + i;
            const double* right = after[r] + i;
            const double weight = kernel[r];
            for (std::size_t k = 0; k < block; ++k) sum[k] += (left[k] + right[k]) * weight;
        }
        for (std::size_t k = 0; k < block; ++k) out[i + k] = sum[k];
    }
    for (; i < count; ++i) {
        double sum = before[0][i] * kernel[0];
        for (std::size_t r = radius; r > 0; --r) sum += (before[r][i] + after[r][i]) * kernel[r];
        out[i] = sum;
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

}  // namespace misfire
