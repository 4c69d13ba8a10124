// x + amount * plasma, scaled so that white stays white.
#include <algorithm>
#include <bit>

#include "perturbations/image/plasma.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/vector_clones.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "fog";
    info.summary = "drifting fog: a cloud of plasma fractal added, the picture dimmed";
    info.category = "weather";
    info.groups = {"imagenet-c"};
    info.published_order = 9;
    info.monotone = false;
    info.why_not_monotone =
        "at 224 and 299 px levels 3 and 4 add the same amount of fog, only rougher, which damages a little less on "
        "average";
    info.parameters = {{.name = "amount",
                        .unit = "fraction of white",
                        .meaning = "of the thickest fog, before scaling back",
                        .identity = 0.0,
                        .published = {{"32", {.2, .5, .75, 1, 1.5}},
                                      {"64", {.4, .7, 1, 1.5, 2}},
                                      {"224", {1.5, 2, 2.5, 2.5, 3}},
                                      {"299", {1.5, 2, 2.5, 2.5, 3}}}},
                       {.name = "wibble_decay",
                        .unit = "1",
                        .meaning = "how much smoother each finer octave is; its amplitude falls with the square",
                        .published = {{"32", {3, 3, 2.5, 2, 1.75}},
                                      {"64", {3, 3, 2.5, 2, 1.75}},
                                      {"224", {2, 2, 1.7, 1.5, 1.4}},
                                      {"299", {2, 2, 1.8, 1.6, 1.5}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

struct Blend {
    double amount;
    double low;  // of the plasma
    double range;
    double largest;  // value of the clean image
};

template <std::size_t channels>
[[gnu::always_inline]] inline void add_fog(const std::uint8_t* in, const double* plasma, const Blend& blend,
                                           std::uint8_t* out, std::size_t pixels) {
    const double divisor = blend.largest + blend.amount;
    for (std::size_t i = 0; i < pixels; ++i) {
        const double fog = blend.amount * ((plasma[i] - blend.low) / blend.range);
        for (std::size_t c = 0; c < channels; ++c) {
            out[channels * i + c] = cut_to_byte((in[channels * i + c] / 255.0 + fog) * blend.largest / divisor);
        }
    }
}

MISFIRE_VECTOR_CLONES void add_fog_colour(const std::uint8_t* in, const double* plasma, const Blend& blend,
                                          std::uint8_t* out, std::size_t pixels) {
    add_fog<3>(in, plasma, blend, out, pixels);
}

MISFIRE_VECTOR_CLONES void add_fog_grey(const std::uint8_t* in, const double* plasma, const Blend& blend,
                                        std::uint8_t* out, std::size_t pixels) {
    add_fog<1>(in, plasma, blend, out, pixels);
}

class Fog final : public PublishedUnit {
  public:
    explicit Fog(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        const auto side = static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(in.height, in.width))));
        const Plasma plasma = plasma_fractal(side, values[1], random, 0, scratch.doubles[0], scratch.doubles[1],
                                             scratch.doubles[2], scratch.floats[0]);
        const auto brightest = *std::max_element(in.pixels.begin(), in.pixels.end());
        const Blend blend{values[0], plasma.low, plasma.high - plasma.low, brightest / 255.0};
        shape_like(in, out);
        const auto width = static_cast<std::size_t>(in.width);
        const std::size_t stride = width * static_cast<std::size_t>(in.channels);
        const auto add = in.channels == 3 ? add_fog_colour : add_fog_grey;
        for (std::size_t y = 0; y < static_cast<std::size_t>(in.height); ++y) {
            const double* row = plasma.map->data() + y * static_cast<std::size_t>(side);
            add(in.pixels.data() + y * stride, row, blend, out.pixels.data() + y * stride, width);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry fog() { return {describe, make_unit<Fog>}; }
}  // namespace units

}  // namespace misfire
