// x + N(0, std), independently per pixel and channel.
#include "perturbations/image/gaussian_noise.h"

#include "core/vector_clones.h"
#include "perturbations/image/draw_chunks.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/quick_cut.h"

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
    const auto levels = static_cast<float>(255.0 * deviation);
    const auto quick = [=](std::size_t i) __attribute__((always_inline)) {
        return static_cast<float>(static_cast<int>(in[i])) + levels * normal[i];
    };
    const auto exact = [=](std::size_t i) __attribute__((always_inline)) {
        return cut_to_byte(in[i] / 255.0 + deviation * static_cast<double>(normal[i]));
    };
    cut_quickly(out, count, 1e-4F, quick, exact);
}

class GaussianNoise final : public PublishedUnit {
  public:
    explicit GaussianNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        add_gaussian_noise(in, random, 0, parameters(in, severity)[0], out, scratch.floats[0]);
    }
};

}  // namespace

void add_gaussian_noise(const Image& in, const Random& random, std::uint32_t stream, double deviation, Image& out,
                        std::vector<float>& buffer) {
    shape_like(in, out);
    for_draws(in.size(), buffer, [&](std::size_t first, std::span<float> normal) {
        random.normal(normal, stream, first);
        add_noise(in.pixels.data() + first, normal.data(), deviation, out.pixels.data() + first, normal.size());
    });
}

namespace units {
PerturbationEntry gaussian_noise() { return {describe, make_unit<GaussianNoise>}; }
}  // namespace units

}  // namespace misfire
