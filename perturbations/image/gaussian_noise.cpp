// x + N(0, std), independently per pixel and channel.
#include "perturbations/image/gaussian_noise.h"

#include "perturbations/image/published_unit.h"
#include "perturbations/vector_clones.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "gaussian_noise";
    info.summary = "additive Gaussian noise, independent per pixel and channel (sensor noise in low light)";
    info.category = "noise";
    info.groups = {"imagenet-c"};
    info.published_order = 0;
    info.parameters = {{.name = "std",
                        .unit = "fraction of white",
                        .meaning = "standard deviation of the noise",
                        .identity = 0.0,
                        .published = {{"32", {.04, .06, .08, .09, .10}},
                                      {"64", {.04, .08, .12, .15, .18}},
                                      {"224", {.08, .12, .18, .26, .38}},
                                      {"299", {.09, .13, .19, .27, .40}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

MISFIRE_VECTOR_CLONES void add_noise(const std::uint8_t* in, const float* normal, double deviation, std::uint8_t* out,
                                     std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = cut_to_byte(in[i] / 255.0 + deviation * static_cast<double>(normal[i]));
    }
}

class GaussianNoise final : public PublishedUnit {
  public:
    explicit GaussianNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        auto& normal = scratch.floats[0];
        normal.resize(in.size());
        random.normal(normal, 0);
        add_gaussian_noise(in, normal, parameters(in, severity)[0], out);
    }
};

}  // namespace

void add_gaussian_noise(const Image& in, std::span<const float> normal, double deviation, Image& out) {
    shape_like(in, out);
    add_noise(in.pixels.data(), normal.data(), deviation, out.pixels.data(), in.size());
}

namespace units {
PerturbationEntry gaussian_noise() { return {describe, make_unit<GaussianNoise>}; }
}  // namespace units

}  // namespace misfire
