// The picture shows inside a burst of rays and fades to white around it.
#include <algorithm>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/star_burst.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info = c_bar_info(
        "inverse_sparkles", 5,
        "outside the burst the picture fades with the distance to the power of -0.26 t; below severity 1 the pale "
        "flanks of the rays, which do not depend on t, fade in",
        {1, 2, 4, 9, 10}, {1, 1.5, 2.5, 4.5, 5});
    info.summary = "the picture fades to white around one burst of rays";
    return info;
}

[[gnu::always_inline]] inline std::uint8_t faded(std::uint8_t value, float light) {
    const float out = 255.0F + light * (static_cast<float>(value) - 255.0F);
    return static_cast<std::uint8_t>(static_cast<int>(out));
}

MISFIRE_VECTOR_CLONES void fade_grey(const std::uint8_t* in, const float* light, std::uint8_t* out, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) out[x] = faded(in[x], light[x]);
}

MISFIRE_VECTOR_CLONES void fade_colour(const std::uint8_t* in, const float* light, std::uint8_t* out,
                                       std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        for (std::size_t c = 0; c < 3; ++c) out[3 * x + c] = faded(in[3 * x + c], light[x]);
    }
}

class InverseSparkles final : public PublishedUnit {
  public:
    explicit InverseSparkles(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        float u[2];
        std::int32_t rays[1];
        random.uniform(u, 0);
        random.integers(rays, fewest_rays, most_rays + 1, 1);
        StarBurst burst{(0.25 + 0.5 * static_cast<double>(u[0])) * in.height,
                        (0.25 + 0.5 * static_cast<double>(u[1])) * in.width, rays[0],
                        static_cast<float>(strength(parameters(in, severity)[0], 65.0) / 50.0),
                        // Published, the flanks of the rays stay pale however small t is.
                        static_cast<float>(std::min(severity, 1.0))};
        draw_ray_lengths(0.25 * shorter_side(in), 0.0, random, 2, 0, burst);
        shape_like(in, out);
        const auto width = static_cast<std::size_t>(in.width);
        const std::size_t stride = width * static_cast<std::size_t>(in.channels);
        auto& light = scratch.floats[0];
        const auto fade = in.channels == 3 ? fade_colour : fade_grey;
        for (int y = 0; y < in.height; ++y) {
            const std::size_t first = static_cast<std::size_t>(y) * stride;
            burst_row(burst, y, light, width);
            fade(in.pixels.data() + first, light.data(), out.pixels.data() + first, width);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry inverse_sparkles() { return {describe, make_unit<InverseSparkles>}; }
}  // namespace units

}  // namespace misfire
