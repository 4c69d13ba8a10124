// x + x * N(0, std), independently per pixel and channel.
#include "perturbations/image/speckle_noise.h"

#include "core/vector_clones.h"
#include "perturbations/image/draw_chunks.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/quick_cut.h"

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
    const auto share = static_cast<float>(deviation);
    const auto quick = [=](std::size_t i) __attribute__((always_inline)) {
        const auto x = static_cast<float>(static_cast<int>(in[i]));
        return x + x * (share * normal[i]);
    };
    const auto exact = [=](std::size_t i) __attribute__((always_inline)) {
        const double x = in[i] / 255.0;
        return cut_to_byte(x + x * (deviation * static_cast<double>(normal[i])));
    };
    cut_quickly(out, count, 1e-4F, quick, exact);
}

class SpeckleNoise final : public PublishedUnit {
  public:
    explicit SpeckleNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        add_speckle_noise(in, random, 0, parameters(in, severity)[0], out, scratch.floats[0]);
    }
};

}  // namespace

void add_speckle_noise(const Image& in, const Random& random, std::uint32_t stream, double deviation, Image& out,
                       std::vector<float>& buffer) {
    shape_like(in, out);
    for_draws(in.size(), buffer, [&](std::size_t first, std::span<float> normal) {
        random.normal(normal, stream, first);
        add_speckle(in.pixels.data() + first, normal.data(), deviation, out.pixels.data() + first, normal.size());
    });
}

namespace units {
PerturbationEntry speckle_noise() { return {describe, make_unit<SpeckleNoise>}; }
}  // namespace units

}  // namespace misfire
