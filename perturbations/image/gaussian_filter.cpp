#include "perturbations/image/gaussian_filter.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "perturbations/image/pixel_conversion.h"
#include "perturbations/image/published_unit.h"
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

// A register's worth of values; narrower processors use several.
template <typename T>
struct WideOf;
template <>
struct WideOf<float> {
    using type = float __attribute__((vector_size(64)));
};
template <>
struct WideOf<double> {
    using type = double __attribute__((vector_size(64)));
};

// out[i] = k[0] centre[i] + sum from the farthest pair to the nearest of k[r] (before_r[i] + after_r[i]); the rows of
// pair r start at before[r] and after[r].
template <typename T>
[[gnu::always_inline]] inline void correlate_rows(const T* const* before, const T* const* after, const T* kernel,
                                                  std::size_t radius, T* out, std::size_t count) {
    using Wide = typename WideOf<T>::type;
    constexpr std::size_t block = 4 * sizeof(Wide) / sizeof(T);
    std::size_t i = 0;
    for (; i + block <= count; i += block) {
        Wide sum[4], left[4], right[4];
        __builtin_memcpy(left, before[0] + i, sizeof left);
        for (std::size_t v = 0; v < 4; ++v) sum[v] = left[v] * kernel[0];
        for (std::size_t r = radius; r > 0; --r) {
            __builtin_memcpy(left, before[r] + i, sizeof left);
            __builtin_memcpy(right, after[r] + i, sizeof right);
            for (std::size_t v = 0; v < 4; ++v) sum[v] += (left[v] + right[v]) * kernel[r];
        }
        __builtin_memcpy(out + i, sum, sizeof sum);
    }
    for (; i < count; ++i) {
        T sum = before[0][i] * kernel[0];
        for (std::size_t r = radius; r > 0; --r) sum += (before[r][i] + after[r][i]) * kernel[r];
        out[i] = sum;
    }
}

MISFIRE_VECTOR_CLONES void correlate(const double* const* before, const double* const* after, const double* kernel,
                                     std::size_t radius, double* out, std::size_t count) {
    correlate_rows(before, after, kernel, radius, out, count);
}

MISFIRE_VECTOR_CLONES void correlate(const float* const* before, const float* const* after, const float* kernel,
                                     std::size_t radius, float* out, std::size_t count) {
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

template <typename T>
void filter_separably(T* data, int height, int width, int channels, const std::vector<T>& kernel, Border border,
                      std::vector<T>& work) {
    const std::size_t radius = kernel.size() - 1;
    const auto rows = static_cast<std::size_t>(height);
    const auto step = static_cast<std::size_t>(channels);
    const auto columns = static_cast<std::size_t>(width);
    const std::size_t stride = columns * step;
    const std::size_t padded = stride + 2 * radius * step;
    // Vertical pass into rows with room for the continued ends, which the horizontal pass then reads.
    work.resize(rows * padded);
    std::vector<const T*> before(radius + 1), after(radius + 1);
    for (std::size_t y = 0; y < rows; ++y) {
        for (std::size_t r = 0; r <= radius; ++r) {
            const auto offset = static_cast<std::ptrdiff_t>(r);
            const auto row = static_cast<std::ptrdiff_t>(y);
            before[r] = data + inside(row - offset, height, border) * stride;
            after[r] = data + inside(row + offset, height, border) * stride;
        }
        T* line = work.data() + y * padded;
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
        const T* centre = work.data() + y * padded + radius * step;
        for (std::size_t r = 0; r <= radius; ++r) {
            before[r] = centre - r * step;
            after[r] = centre + r * step;
        }
        correlate(before.data(), after.data(), kernel.data(), radius, data + y * stride, stride);
    }
}

MISFIRE_VECTOR_CLONES void widen(const std::uint8_t* in, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = in[i];
}

// Single precision stays far nearer than this to the double result, in levels: rounding errors wander like the root of
// the number of taps.
float doubt_of(double sigma) { return 2e-4F + 2e-5F * std::sqrt(static_cast<float>(sigma) * 8.0F); }

constexpr std::size_t doubt_block = 64;  // values that are marked together

// Truncates, and marks each block that has a value next to the edge of a level.
MISFIRE_VECTOR_CLONES void cut_quickly(const float* in, std::uint8_t* out, std::size_t count, float doubt,
                                       std::uint8_t* marks) {
    for (std::size_t first = 0, b = 0; b <= count / doubt_block; first += doubt_block, ++b) {
        const std::size_t size = count - first < doubt_block ? count - first : doubt_block;
        int doubts = 0;
        for (std::size_t i = first; i < first + size; ++i) {
            const int level = static_cast<int>(in[i]);
            const float beyond = in[i] - static_cast<float>(level);
            out[i] = static_cast<std::uint8_t>(level > 255 ? 255 : level);
            doubts += beyond < doubt || beyond > 1.0F - doubt ? 1 : 0;
        }
        marks[b] = doubts > 0 ? 1 : 0;
    }
}

// One value of the blurred image, in the order of additions of the whole filter.
std::uint8_t exact_value(const Image& in, std::size_t i, const std::vector<double>& kernel) {
    const auto step = static_cast<std::size_t>(in.channels);
    const std::size_t stride = static_cast<std::size_t>(in.width) * step;
    const auto y = static_cast<std::ptrdiff_t>(i / stride);
    const auto x = static_cast<std::ptrdiff_t>(i % stride / step);
    const auto pixel = [&](std::ptrdiff_t row, std::size_t column) {
        return in.pixels[inside(row, in.height, Border::nearest) * stride + column * step + i % step] / 255.0;
    };
    const auto down = [&](std::ptrdiff_t at) {
        const std::size_t column = inside(at, in.width, Border::nearest);
        double sum = pixel(y, column) * kernel[0];
        for (std::size_t r = kernel.size() - 1; r > 0; --r) {
            const auto offset = static_cast<std::ptrdiff_t>(r);
            sum += (pixel(y - offset, column) + pixel(y + offset, column)) * kernel[r];
        }
        return sum;
    };
    double sum = down(x) * kernel[0];
    for (std::size_t r = kernel.size() - 1; r > 0; --r) {
        const auto offset = static_cast<std::ptrdiff_t>(r);
        sum += (down(x - offset) + down(x + offset)) * kernel[r];
    }
    return cut_to_byte(sum);
}

// The published arithmetic: everything at once where much is in doubt (even areas are), otherwise one sum for each
// value in doubt.
void blur_exactly(const Image& in, double sigma, bool everything, const std::vector<std::uint8_t>& marks, Image& out,
                  Scratch& scratch) {
    if (everything) {
        auto& x = scratch.doubles[0];
        x.resize(in.size());
        to_unit_range(in.pixels.data(), x.data(), in.size());
        gaussian_filter(x.data(), in.height, in.width, in.channels, sigma, 4.0, Border::nearest, scratch.doubles[1]);
        cut_to_bytes(x.data(), out.pixels.data(), in.size());
        return;
    }
    const std::vector<double> kernel = gaussian_half_kernel(sigma, 4.0);
    const auto& quick = scratch.floats[0];
    const float doubt = doubt_of(sigma);
    for (std::size_t b = 0; b < marks.size(); ++b) {
        if (marks[b] == 0) continue;
        for (std::size_t i = b * doubt_block; i < std::min((b + 1) * doubt_block, in.size()); ++i) {
            const float beyond = quick[i] - std::floor(quick[i]);
            if (beyond < doubt || beyond > 1.0F - doubt) out.pixels[i] = exact_value(in, i, kernel);
        }
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

void gaussian_blur_bytes(const Image& in, double sigma, Image& out, Scratch& scratch) {
    auto& quick = scratch.floats[0];
    quick.resize(in.size());
    widen(in.pixels.data(), quick.data(), in.size());
    if (sigma > 1e-15) {
        std::vector<float> kernel;
        for (const double weight : gaussian_half_kernel(sigma, 4.0)) kernel.push_back(static_cast<float>(weight));
        filter_separably(quick.data(), in.height, in.width, in.channels, kernel, Border::nearest, scratch.floats[1]);
    }
    std::size_t doubtful = 0;
    auto& marks = scratch.bytes[3];
    marks.resize(in.size() / doubt_block + 1);
    cut_quickly(quick.data(), out.pixels.data(), in.size(), doubt_of(sigma), marks.data());
    for (std::size_t b = 0; b < marks.size(); ++b) doubtful += marks[b];
    if (doubtful == 0) return;
    blur_exactly(in, sigma, doubtful * 6 > marks.size(), marks, out, scratch);
}

}  // namespace misfire
