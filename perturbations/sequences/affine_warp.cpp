#include "perturbations/sequences/affine_warp.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

// One pixel; x and y lie inside the image.
template <int channels>
void put_pixel(const Image& in, double x, double y, std::uint8_t* out) {
    const double left = std::floor(x - 0.5);
    const double upper = std::floor(y - 0.5);
    const double dx = x - 0.5 - left;
    const double dy = y - 0.5 - upper;
    const auto column = [&](int at) { return static_cast<std::size_t>(std::clamp(at, 0, in.width - 1)) * channels; };
    const auto row = [&](int at) {
        return in.pixels.data() + static_cast<std::size_t>(std::clamp(at, 0, in.height - 1)) *
                                      static_cast<std::size_t>(in.width) * channels;
    };
    const std::size_t x0 = column(static_cast<int>(left)), x1 = column(static_cast<int>(left) + 1);
    const std::uint8_t* const above = row(static_cast<int>(upper));
    const std::uint8_t* const below = row(static_cast<int>(upper) + 1);
    for (std::size_t c = 0; c < channels; ++c) {
        const double a = above[x0 + c] + (above[x1 + c] - above[x0 + c]) * dx;
        const double b = below[x0 + c] + (below[x1 + c] - below[x0 + c]) * dx;
        out[c] = static_cast<std::uint8_t>(a + (b - a) * dy);
    }
}

template <int channels>
void warp(const Image& in, const AffineMap& map, Image& out) {
    std::uint8_t* to = out.pixels.data();
    for (int row = 0; row < in.height; ++row) {
        for (int column = 0; column < in.width; ++column, to += channels) {
            const double x = map.a * (column + 0.5) + map.b * (row + 0.5) + map.c;
            const double y = map.d * (column + 0.5) + map.e * (row + 0.5) + map.f;
            if (x < 0.0 || x >= in.width || y < 0.0 || y >= in.height) {
                std::fill_n(to, channels, std::uint8_t{0});
            } else {
                put_pixel<channels>(in, x, y, to);
            }
        }
    }
}

}  // namespace

AffineMap affine_map(int height, int width, double angle_degrees, double scale, double shear_degrees) {
    const double angle = angle_degrees * std::numbers::pi / 180.0;
    const double shear = shear_degrees * std::numbers::pi / 180.0;
    const double determinant = std::cos(angle + shear) * std::cos(angle) + std::sin(angle + shear) * std::sin(angle);
    const double factor = 1.0 / scale / determinant;
    AffineMap map;
    map.a = factor * std::cos(angle + shear);
    map.b = factor * std::sin(angle + shear);
    map.d = factor * -std::sin(angle);
    map.e = factor * std::cos(angle);
    const double x = width * 0.5;
    const double y = height * 0.5;
    map.c = map.a * -x + map.b * -y + x;
    map.f = map.d * -x + map.e * -y + y;
    return map;
}

void warp_bilinear(const Image& in, const AffineMap& map, Image& out) {
    shape_like(in, out);
    if (in.channels == 3) {
        warp<3>(in, map, out);
    } else {
        warp<1>(in, map, out);
    }
}

void move_whole_pixels(const Image& in, int right, int down, Image& out) {
    shape_like(in, out);
    std::fill(out.pixels.begin(), out.pixels.end(), std::uint8_t{0});
    const int first = std::max(right, 0);
    const int kept = in.width - std::abs(right);
    if (kept <= 0) return;
    const auto step = static_cast<std::size_t>(in.channels);
    const std::size_t stride = static_cast<std::size_t>(in.width) * step;
    for (int y = std::max(down, 0); y < std::min(in.height, in.height + down); ++y) {
        const std::uint8_t* from = in.pixels.data() + static_cast<std::size_t>(y - down) * stride +
                                   static_cast<std::size_t>(std::max(-right, 0)) * step;
        std::memcpy(out.pixels.data() + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(first) * step,
                    from, static_cast<std::size_t>(kept) * step);
    }
}

}  // namespace misfire
