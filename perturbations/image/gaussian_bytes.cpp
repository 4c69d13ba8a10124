#include "perturbations/image/gaussian_bytes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "perturbations/image/correlate_rows.h"
#include "perturbations/image/gaussian_quick.h"
#include "perturbations/image/pixel_conversion.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/reduced_gaussian.h"

namespace misfire {

namespace {

// Single precision stays far nearer than this to the double result, in levels: rounding errors wander like the root of
// the number of taps.
float doubt_of(double sigma) { return 2e-4F + 2e-5F * std::sqrt(static_cast<float>(sigma) * 8.0F); }

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

void blur_exactly(const Image& in, double sigma, Image& out, Scratch& scratch) {
    auto& x = scratch.doubles[0];
    x.resize(in.size());
    to_unit_range(in.pixels.data(), x.data(), in.size());
    gaussian_filter(x.data(), in.height, in.width, in.channels, sigma, 4.0, Border::nearest, scratch.doubles[1]);
    cut_to_bytes(x.data(), out.pixels.data(), in.size());
}

}  // namespace

void gaussian_blur_bytes(const Image& in, double sigma, double largest_published, Image& out, Scratch& scratch) {
    if (sigma <= 1e-15) {
        out.pixels = in.pixels;
        return;
    }
    if (sigma > largest_published && sigma >= smallest_reduced_sigma) {
        reduced_gaussian(in, sigma, out, scratch);
        return;
    }
    const std::vector<double> kernel = gaussian_half_kernel(sigma, 4.0);
    auto& doubtful = scratch.integers;
    const std::size_t blocks = quick_gaussian(in, kernel, doubt_of(sigma), out, doubtful, scratch);
    // Everything at once where much is in doubt (even areas are), otherwise one sum for each value in doubt.
    if (blocks * doubt_block * 6 > in.size()) {
        blur_exactly(in, sigma, out, scratch);
        return;
    }
    for (const std::int32_t i : doubtful) {
        const auto place = static_cast<std::size_t>(i);
        out.pixels[place] = exact_value(in, place, kernel);
    }
}

}  // namespace misfire
