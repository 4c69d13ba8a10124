#include "perturbations/sequences/affine_warp.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <vector>

#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

// Between which two pixels of a row or column a place lies, edges repeated. The place lies inside the image.
struct Between {
    std::size_t low;
    std::size_t high;
    double weight;  // of `high`
};

Between between(double place, int side) {
    const double low = std::floor(place - 0.5);
    const auto at = static_cast<int>(low);
    return {static_cast<std::size_t>(std::max(at, 0)), static_cast<std::size_t>(std::min(at + 1, side - 1)),
            place - 0.5 - low};
}

template <std::size_t channels>
[[gnu::always_inline]] inline void put_pixel(const std::uint8_t* above, const std::uint8_t* below, const Between& x,
                                             double down, std::uint8_t* out) {
    for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t x0 = x.low * channels + c, x1 = x.high * channels + c;
        const double a = above[x0] + (above[x1] - above[x0]) * x.weight;
        const double b = below[x0] + (below[x1] - below[x0]) * x.weight;
        out[c] = static_cast<std::uint8_t>(a + (b - a) * down);
    }
}

bool is_inside(double place, int side) { return place >= 0.0 && place < side; }

template <std::size_t channels>
void warp(const Image& in, const AffineMap& map, Image& out) {
    const std::size_t stride = static_cast<std::size_t>(in.width) * channels;
    std::uint8_t* to = out.pixels.data();
    for (int row = 0; row < in.height; ++row) {
        for (int column = 0; column < in.width; ++column, to += channels) {
            const double x = map.a * (column + 0.5) + map.b * (row + 0.5) + map.c;
            const double y = map.d * (column + 0.5) + map.e * (row + 0.5) + map.f;
            if (!is_inside(x, in.width) || !is_inside(y, in.height)) {
                std::fill_n(to, channels, std::uint8_t{0});
                continue;
            }
            const Between rows = between(y, in.height);
            put_pixel<channels>(in.pixels.data() + rows.low * stride, in.pixels.data() + rows.high * stride,
                                between(x, in.width), rows.weight, to);
        }
    }
}

// The same for a map that neither turns nor shears: where columns lie is the same in every row.
template <std::size_t channels>
void warp_straight(const Image& in, const AffineMap& map, Image& out) {
    const std::size_t stride = static_cast<std::size_t>(in.width) * channels;
    std::vector<Between> columns;
    std::size_t first = 0;  // column of `out` whose place is columns[0]
    for (int column = 0; column < in.width; ++column) {
        const double x = map.a * (column + 0.5) + map.c;
        if (!is_inside(x, in.width)) continue;
        if (columns.empty()) first = static_cast<std::size_t>(column);
        columns.push_back(between(x, in.width));
    }
    std::fill(out.pixels.begin(), out.pixels.end(), std::uint8_t{0});
    for (int row = 0; row < in.height; ++row) {
        const double y = map.e * (row + 0.5) + map.f;
        if (!is_inside(y, in.height)) continue;
        const Between rows = between(y, in.height);
        const std::uint8_t* const above = in.pixels.data() + rows.low * stride;
        const std::uint8_t* const below = in.pixels.data() + rows.high * stride;
        std::uint8_t* to = out.pixels.data() + static_cast<std::size_t>(row) * stride + first * channels;
        for (const Between& x : columns) {
            put_pixel<channels>(above, below, x, rows.weight, to);
            to += channels;
        }
    }
}

template <std::size_t channels>
void warp_any(const Image& in, const AffineMap& map, Image& out) {
    if (map.b == 0.0 && map.d == 0.0) {
        warp_straight<channels>(in, map, out);
    } else {
        warp<channels>(in, map, out);
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
        warp_any<3>(in, map, out);
    } else {
        warp_any<1>(in, map, out);
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
