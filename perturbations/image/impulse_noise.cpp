// Salt and pepper: each value on its own is set to white or black with probability `amount`.
#include "core/vector_clones.h"
#include "perturbations/image/draw_chunks.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "impulse_noise";
    info.summary = "salt and pepper: single values jump to 0 or 255 (bit errors, dead pixels)";
    info.category = "noise";
    info.groups = {"imagenet-c"};
    info.published_order = 2;
    info.parameters = {{.name = "amount",
                        .unit = "fraction of the values",
                        .meaning = "share of the values (pixel x channel) hit; half become 0, half 255",
                        .identity = 0.0,
                        .published = {{"32", {.01, .02, .03, .05, .07}},
                                      {"64", {.01, .02, .05, .08, .14}},
                                      {"224", {.03, .06, .09, .17, .27}},
                                      {"299", {.04, .07, .10, .18, .28}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

// One draw decides both: the lowest half of the hits is pepper, the highest salt, so hits of a lower severity stay
// hits.
MISFIRE_VECTOR_CLONES void hit(const std::uint8_t* in, const float* uniform, float pepper_below, float salt_from,
                               std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        int value = in[i];  // as wide as the draws, so that the loop vectorises
        value = uniform[i] >= salt_from ? 255 : value;
        value = uniform[i] < pepper_below ? 0 : value;
        out[i] = static_cast<std::uint8_t>(value);
    }
}

class ImpulseNoise final : public PublishedUnit {
  public:
    explicit ImpulseNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const double half = parameters(in, severity)[0] / 2.0;
        shape_like(in, out);
        for_draws(in.size(), scratch.floats[0], [&](std::size_t first, std::span<float> uniform) {
            random.uniform(uniform, 0, first);
            hit(in.pixels.data() + first, uniform.data(), static_cast<float>(half), static_cast<float>(1.0 - half),
                out.pixels.data() + first, uniform.size());
        });
    }
};

}  // namespace

namespace units {
PerturbationEntry impulse_noise() { return {describe, make_unit<ImpulseNoise>}; }
}  // namespace units

}  // namespace misfire
