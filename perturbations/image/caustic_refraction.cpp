// The picture seen through water whose surface carries caustics, with their light on it.
#include <array>
#include <cmath>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/caustics.h"
#include "perturbations/image/gaussian_filter.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info = c_bar_info("caustic_refraction", 2,
                                       "rays are bent by t twentieths of the side at most, and lit by t fifths of the "
                                       "steps of brightness on the water",
                                       {2.35, 3.2, 4.9, 6.6, 9.15});
    info.summary = "the picture under rippled water: bent and lit by caustics";
    return info;
}

// Brightness of the water at the four neighbours of a row's pixels.
struct Water {
    const double* above;  // row of zeros beyond the image
    const double* here;   // with a zero on both sides
    const double* below;
};

// Where the view rays end, px from their pixel, and the light that is added to it.
struct Rays {
    double* dy;
    double* dx;
    double* light;
};

// Refraction of the view (0, 0, 1) at a surface with normal n and a ratio of indices of 4 (Snell): along the picture it
// is n_xy (sqrt(1 - |n_xy|^2 / 16) - n_z / 4). As published, rays that meet the surface nearly head on go straight, and
// the others move in steps of a thousandth of a pixel.
MISFIRE_VECTOR_CLONES void refract_row(const Water& water, double scale, double lighting, const Rays& rays,
                                       std::size_t width) {
    constexpr double to_whole = 0x1.8p52;  // added and taken away again, it rounds to a whole number
    const Water w = water;
    const Rays r = rays;
    for (std::size_t x = 0; x < width; ++x) {
        const double down = w.below[x] - w.above[x];
        const double right = w.here[x + 1] - w.here[x - 1];
        const double nz = 1.0 / std::sqrt(down * down + right * right + 1.0);
        const double sine_squared = 1.0 - nz * nz;
        const double bend = nz >= 1.0 - 1e-3 ? 0.0 : nz * (std::sqrt(1.0 - sine_squared / 16.0) - 0.25 * nz) * scale;
        r.dy[x] = ((bend * down * 1000.0 + to_whole) - to_whole) / 1000.0;
        r.dx[x] = ((bend * right * 1000.0 + to_whole) - to_whole) / 1000.0;
        r.light[x] = lighting * (down - right);
    }
}

using Levels = std::array<double, 256>;  // value / 255 in single precision, as published

const Levels& unit_levels() {
    static const Levels levels = [] {
        Levels made;
        for (std::size_t v = 0; v < made.size(); ++v) made[v] = static_cast<double>(static_cast<float>(v) / 255.0F);
        return made;
    }();
    return levels;
}

// Four pixels and their weights; those outside the image are black.
struct Taps {
    const std::uint8_t* pixel[4];
    double weight[4];
};

Taps taps(const Image& in, double y, double x) {
    // Cut towards zero after a shift that keeps them positive: floor without a call.
    constexpr int shift = 1 << 24;
    const int top = static_cast<int>(y + shift) - shift, left = static_cast<int>(x + shift) - shift;
    const double down = y - top, right = x - left;
    const std::ptrdiff_t step = in.channels, stride = step * in.width;
    Taps result{{}, {(1.0 - down) * (1.0 - right), (1.0 - down) * right, down * (1.0 - right), down * right}};
    const bool inside = top >= 0 && left >= 0 && top + 1 < in.height && left + 1 < in.width;
    for (int i = 0; i < 4; ++i) {
        const int row = top + i / 2, column = left + i % 2;
        const bool there = inside || (row >= 0 && row < in.height && column >= 0 && column < in.width);
        result.pixel[i] = in.pixels.data() + (there ? row * stride + column * step : 0);
        if (!there) result.weight[i] = 0.0;
    }
    return result;
}

template <std::size_t channels>
void sample_row(const Image& in, int y, const Rays& rays, Image& out) {
    const Levels& levels = unit_levels();
    const auto width = static_cast<std::size_t>(in.width);
    std::uint8_t* pixel = out.pixels.data() + static_cast<std::size_t>(y) * width * channels;
    for (std::size_t x = 0; x < width; ++x, pixel += channels) {
        const Taps at = taps(in, y + rays.dy[x], static_cast<double>(x) + rays.dx[x]);
        for (std::size_t c = 0; c < channels; ++c) {
            double value = 0.0;
            for (int i = 0; i < 4; ++i) value += at.weight[i] * levels[at.pixel[i][c]];
            pixel[c] = cut_to_byte(value + rays.light[x]);
        }
    }
}

class CausticRefraction final : public PublishedUnit {
  public:
    explicit CausticRefraction(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        float u[2];
        random.uniform(u, 0);
        const double side = shorter_side(in);
        auto& water = scratch.doubles[0];
        caustics(in.height, in.width, 0.5 + 1.5 * static_cast<double>(u[0]),
                 (0.75 + 0.5 * static_cast<double>(u[1])) * side, water, scratch);
        gaussian_filter(water.data(), in.height, in.width, 1, 1.0, 4.0, Border::reflect, scratch.doubles[1]);
        const double t = parameters(in, severity)[0];
        shape_like(in, out);
        look_through(in, water.data(), strength(t, 0.5 * side), strength(t, 2.0), scratch, out);
    }

  private:
    static void look_through(const Image& in, const double* water, double scale, double lighting, Scratch& scratch,
                             Image& out) {
        const auto width = static_cast<std::size_t>(in.width);
        auto& work = scratch.doubles[1];
        work.assign(5 * width + 2, 0.0);
        const double* dry = work.data();
        double* here = work.data() + width + 1;
        const Rays rays{here + width + 1, here + 2 * width + 1, here + 3 * width + 1};
        for (int y = 0; y < in.height; ++y) {
            const double* row = water + static_cast<std::size_t>(y) * width;
            std::copy_n(row, width, here);
            refract_row({y > 0 ? row - width : dry, here, y + 1 < in.height ? row + width : dry}, scale, lighting, rays,
                        width);
            if (in.channels == 3) {
                sample_row<3>(in, y, rays, out);
            } else {
                sample_row<1>(in, y, rays, out);
            }
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry caustic_refraction() { return {describe, make_unit<CausticRefraction>}; }
}  // namespace units

}  // namespace misfire
