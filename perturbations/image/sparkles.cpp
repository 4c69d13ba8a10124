// Five bursts of white rays, one after the other.
#include <algorithm>
#include <array>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/star_burst.h"

namespace misfire {

namespace {

constexpr std::size_t bursts = 5;

PerturbationInfo describe() {
    PerturbationInfo info =
        c_bar_info("sparkles", 9,
                   "rays are t hundredths of the side long, give or take a quarter, and at least 1 px (below severity "
                   "1: at least that share of a px)",
                   {1, 2, 3, 5, 6}, {.7, 3.5, 5.6, 6.3, 7});
    info.summary = "five white bursts of rays over the picture";
    return info;
}

MISFIRE_VECTOR_CLONES void to_floats(const std::uint8_t* in, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = in[i];
}

MISFIRE_VECTOR_CLONES void to_bytes(const float* in, std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(static_cast<int>(in[i]));
}

// Full light is exactly white, whatever rounding does to the sum.
[[gnu::always_inline]] inline float lit(float value, float light) {
    return light >= 1.0F ? 255.0F : value + light * (255.0F - value);
}

MISFIRE_VECTOR_CLONES void light_up_grey(float* values, const float* light, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) values[x] = lit(values[x], light[x]);
}

MISFIRE_VECTOR_CLONES void light_up_colour(float* values, const float* light, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        for (std::size_t c = 0; c < 3; ++c) values[3 * x + c] = lit(values[3 * x + c], light[x]);
    }
}

class Sparkles final : public PublishedUnit {
  public:
    explicit Sparkles(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        // Published rays never get shorter than a pixel, so a dot of light would stay at severity 0.
        const double shortest = std::min(severity, 1.0);
        const double radius = strength(parameters(in, severity)[0], 0.1) * shorter_side(in);
        const auto burst = draw(in, radius, shortest, random);
        shape_like(in, out);
        const auto width = static_cast<std::size_t>(in.width);
        const std::size_t stride = width * static_cast<std::size_t>(in.channels);
        auto& values = scratch.floats[0];
        auto& light = scratch.floats[1];
        values.resize(stride);
        const auto light_up = in.channels == 3 ? light_up_colour : light_up_grey;
        for (int y = 0; y < in.height; ++y) {
            const std::size_t first = static_cast<std::size_t>(y) * stride;
            to_floats(in.pixels.data() + first, values.data(), stride);
            for (const StarBurst& one : burst) {
                burst_row(one, y, light, width);
                light_up(values.data(), light.data(), width);
            }
            to_bytes(values.data(), out.pixels.data() + first, stride);
        }
    }

  private:
    static std::array<StarBurst, bursts> draw(const Image& in, double radius, double shortest, const Random& random) {
        float u[2 * bursts];
        std::int32_t rays[bursts];
        random.uniform(u, 0);
        random.integers(rays, fewest_rays, most_rays + 1, 1);
        std::array<StarBurst, bursts> burst;
        for (std::size_t b = 0; b < bursts; ++b) {
            burst[b] = {static_cast<double>(u[2 * b]) * in.height, static_cast<double>(u[2 * b + 1]) * in.width,
                        rays[b], 1.0F, 1.0F};
            draw_ray_lengths(radius, shortest, random, 2, b * (most_rays + 1), burst[b]);
        }
        return burst;
    }
};

}  // namespace

namespace units {
PerturbationEntry sparkles() { return {describe, make_unit<Sparkles>}; }
}  // namespace units

}  // namespace misfire
