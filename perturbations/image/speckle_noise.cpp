// x + x * N(0, std), independently per pixel and channel.
#include "perturbations/image/speckle_noise.h"

#include "perturbations/image/published_unit.h"
#include "perturbations/vector_clones.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "speckle_noise";
    info.summary = "Gaussian noise in proportion to the pixel's brightness (coherent imaging, some sensors)";
    info.category = "extra";
    info.published_order = 15;
    info.parameters = {{.name = "std",
                        .unit = "fraction of the pixel",
                        .meaning = "standard deviation of the factor",
                        .identity = 0.0,
                        .published = {{"32", {.06, .1, .12, .16, .2}},
                                      {"64", {.15, .2, .25, .3, .35}},
                                      {"224", {.15, .2, .35, .45, .6}},
                                      {"299", {.16, .21, .36, .46, .61}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

MISFIRE_VECTOR_CLONES void add_speckle(const std::uint8_t* in, const float* normal, double deviation, std::uint8_t* out,
                                       std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const double x = in[i] / 255.0;
        out[i] = cut_to_byte(x + x * (deviation * static_cast<double>(normal[i])));
    }
}

class SpeckleNoise final : public PublishedUnit {
  public:
    explicit SpeckleNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        auto& normal = scratch.floats[0];
        normal.resize(in.size());
        random.normal(normal, 0);
        add_speckle_noise(in, normal, parameters(in, severity)[0], out);
    }
};

}  // namespace

void add_speckle_noise(const Image& in, std::span<const float> normal, double deviation, Image& out) {
    shape_like(in, out);
    add_speckle(in.pixels.data(), normal.data(), deviation, out.pixels.data(), in.size());
}

namespace units {
PerturbationEntry speckle_noise() { return {describe, make_unit<SpeckleNoise>}; }
}  // namespace units

}  // namespace misfire
