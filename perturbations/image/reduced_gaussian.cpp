#include "perturbations/image/reduced_gaussian.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/correlate_rows.h"

namespace misfire {

namespace {

MISFIRE_VECTOR_CLONES void add_row(const std::uint8_t* in, std::int32_t* sum, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += in[i];
}

MISFIRE_VECTOR_CLONES void correlate(const float* const* before, const float* const* after, const float* kernel,
                                     std::size_t radius, float* out, std::size_t count) {
    correlate_rows(before, after, kernel, radius, out, count);
}

MISFIRE_VECTOR_CLONES void between(const float* upper, const float* lower, float place, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = upper[i] + (lower[i] - upper[i]) * place;
}

// Sums of equal values may come out a little low; truncated they would be a level lower.
constexpr float allowance = 2e-3F;

MISFIRE_VECTOR_CLONES void enlarge_row(const float* in, const std::int32_t* left, const float* place, std::size_t step,
                                       std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float a = in[left[i]], b = in[left[i] + static_cast<std::int32_t>(step)];
        const float value = a + (b - a) * place[i] + allowance;
        out[i] = static_cast<std::uint8_t>(static_cast<int>(value > 255.0F ? 255.0F : value));
    }
}

// One side: samples of the reduced image, of which `margin` stand for what is continued before the first pixel.
struct Side {
    int pixels, factor, margin, samples;
    // Between which samples pixel i lies, and how far on the way.
    int left(int i) const { return (2 * i + 1 - factor + 2 * margin * factor) / (2 * factor); }
    float place(int i) const {
        const int twice = 2 * i + 1 - factor + 2 * margin * factor;
        return static_cast<float>(twice - 2 * factor * left(i)) / static_cast<float>(2 * factor);
    }
};

Side reduce_side(int pixels, int factor, int margin) {
    return {pixels, factor, margin, (pixels + factor - 1) / factor + 2 * margin};
}

// Means of factor x factor pixels, the image continued by its edges.
void reduce(const Image& in, const Side& rows, const Side& columns, std::vector<std::int32_t>& sums, float* out) {
    const auto step = static_cast<std::size_t>(in.channels);
    const std::size_t stride = static_cast<std::size_t>(in.width) * step;
    const auto weight = 1.0F / static_cast<float>(rows.factor * columns.factor);
    sums.resize(stride);
    for (int y = 0; y < rows.samples; ++y) {
        std::fill(sums.begin(), sums.end(), 0);
        for (int k = 0; k < rows.factor; ++k) {
            const std::size_t row = inside((y - rows.margin) * rows.factor + k, in.height, Border::nearest);
            add_row(in.pixels.data() + row * stride, sums.data(), stride);
        }
        for (int x = 0; x < columns.samples; ++x) {
            const int first = (x - columns.margin) * columns.factor;
            for (std::size_t c = 0; c < step; ++c) {
                std::int32_t sum = 0;
                for (int k = 0; k < columns.factor; ++k)
                    sum += sums[inside(first + k, in.width, Border::nearest) * step + c];
                *out++ = static_cast<float>(sum) * weight;
            }
        }
    }
}

// The rows of `small` blurred in both directions; `line` is the room for one of them. Samples nearer to the border than
// the radius are continued by it, which the margin keeps away from the picture.
void blur(const std::vector<float>& kernel, const Side& rows, const Side& columns, std::size_t step, float* small,
          float* down) {
    const std::size_t radius = kernel.size() - 1;
    const std::size_t stride = static_cast<std::size_t>(columns.samples) * step, margin = radius * step;
    std::vector<const float*> before(radius + 1), after(radius + 1);
    for (int y = 0; y < rows.samples; ++y) {
        for (std::size_t r = 0; r <= radius; ++r) {
            const auto offset = static_cast<std::ptrdiff_t>(r);
            before[r] = small + inside(y - offset, rows.samples, Border::nearest) * stride;
            after[r] = small + inside(y + offset, rows.samples, Border::nearest) * stride;
        }
        correlate(before.data(), after.data(), kernel.data(), radius, down + static_cast<std::size_t>(y) * stride,
                  stride);
    }
    for (std::size_t y = 0; y < static_cast<std::size_t>(rows.samples); ++y) {
        const float* line = down + y * stride + margin;
        for (std::size_t r = 0; r <= radius; ++r) {
            before[r] = line - r * step;
            after[r] = line + r * step;
        }
        correlate(before.data(), after.data(), kernel.data(), radius, small + y * stride + margin, stride - 2 * margin);
    }
}

void enlarge(const float* small, const Side& rows, const Side& columns, float* row, Image& out,
             std::vector<std::int32_t>& left, std::vector<float>& place) {
    const auto step = static_cast<std::size_t>(out.channels);
    const std::size_t stride = static_cast<std::size_t>(out.width) * step;
    const std::size_t samples = static_cast<std::size_t>(columns.samples) * step;
    left.resize(stride);
    place.resize(stride);
    for (std::size_t i = 0; i < stride; ++i) {
        const auto x = static_cast<int>(i / step);
        left[i] = columns.left(x) * out.channels + static_cast<int>(i % step);
        place[i] = columns.place(x);
    }
    for (int y = 0; y < out.height; ++y) {
        const float* upper = small + static_cast<std::size_t>(rows.left(y)) * samples;
        between(upper, upper + samples, rows.place(y), row, samples);
        enlarge_row(row, left.data(), place.data(), step, out.pixels.data() + static_cast<std::size_t>(y) * stride,
                    stride);
    }
}

}  // namespace

void reduced_gaussian(const Image& in, double sigma, Image& out, Scratch& scratch) {
    // Straight lines miss the curve by at most 7.7 (factor / sigma)^2 levels, half of it once the variance is right.
    const int factor = std::max(2, static_cast<int>(sigma / 3.5));
    // Means of `factor` pixels and straight lines between them have a variance of (factor / 2)^2.
    const double left = std::sqrt(sigma * sigma - factor * factor / 4.0) / factor;
    std::vector<float> kernel;
    for (const double weight : gaussian_half_kernel(left, 4.0)) kernel.push_back(static_cast<float>(weight));
    const int margin = static_cast<int>(kernel.size()) + 1;
    const Side rows = reduce_side(in.height, factor, margin), columns = reduce_side(in.width, factor, margin);
    const auto step = static_cast<std::size_t>(in.channels);
    const std::size_t size = static_cast<std::size_t>(rows.samples) * static_cast<std::size_t>(columns.samples) * step;
    auto& small = scratch.floats[0];
    auto& down = scratch.floats[1];
    small.resize(size);
    down.resize(std::max(size, static_cast<std::size_t>(columns.samples) * step));
    reduce(in, rows, columns, scratch.integers, small.data());
    blur(kernel, rows, columns, step, small.data(), down.data());
    enlarge(small.data(), rows, columns, down.data(), out, scratch.integers, scratch.floats[2]);
}

}  // namespace misfire
