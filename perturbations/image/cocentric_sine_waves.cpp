// Concentric rings with a wavy rim added to all channels. The name is spelt as published.
#include <cmath>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/elementary_functions.h"
#include "perturbations/image/field_overlay.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info = c_bar_info(
        "cocentric_sine_waves", 4, "each ring runs from 6.4 t grey levels darker to 6.4 t lighter", {3, 5, 8, 9, 10});
    info.summary = "concentric rings with wavy rims around a random centre laid over the picture";
    return info;
}

struct Rings {
    double centre_x;   // px
    double centre_y;   // px
    double waves;      // per radian
    double amplitude;  // of the waves, px
    double width;      // of a ring, px
};

// Place between the rims of a ring, -1/2..1/2. In double: the value jumps at each rim, and rings can be very narrow.
MISFIRE_VECTOR_CLONES void ring_row(const Rings& rings, double y, float* out, std::size_t width) {
    const Rings r = rings;
    const double dy = y - r.centre_y;
    for (std::size_t x = 0; x < width; ++x) {
        const double dx = static_cast<double>(static_cast<int>(x)) - r.centre_x;
        const double distance = std::sqrt(dx * dx + dy * dy) + sine(angle_of(dx, dy) * r.waves) * r.amplitude;
        const double turns = distance / r.width;
        out[x] = static_cast<float>(turns - std::floor(turns) - 0.5);
    }
}

class CocentricSineWaves final : public PublishedUnit {
  public:
    explicit CocentricSineWaves(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const auto width = static_cast<std::size_t>(in.width);
        const Rings rings = draw(in, random);
        auto& field = scratch.floats[0];
        field.resize(in.size() / static_cast<std::size_t>(in.channels));
        for (int y = 0; y < in.height; ++y)
            ring_row(rings, y, field.data() + static_cast<std::size_t>(y) * width, width);
        shape_like(in, out);
        const double gain = strength(parameters(in, severity)[0], 128.0);
        overlay_fields(in, same_for_all_channels(field.data()), 1.0, gain, out);
    }

  private:
    static Rings draw(const Image& in, const Random& random) {
        float u[5];
        random.uniform(u, 0);
        const double side = shorter_side(in);
        const float narrowest = std::max(u[4], 0x1p-24F);  // rings of no width have no value
        return {static_cast<double>(u[0]) * in.width, static_cast<double>(u[1]) * in.height,
                static_cast<double>(u[2]) * 10.0, static_cast<double>(u[3]) * side / 10.0,
                static_cast<double>(narrowest) * side / 10.0};
    }
};

}  // namespace

namespace units {
PerturbationEntry cocentric_sine_waves() { return {describe, make_unit<CocentricSineWaves>}; }
}  // namespace units

}  // namespace misfire
