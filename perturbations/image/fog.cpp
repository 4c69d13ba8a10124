// x + amount * plasma, scaled so that white stays white.
#include <algorithm>
#include <bit>

#include "core/vector_clones.h"
#include "perturbations/image/plasma.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/quick_cut.h"

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

// `fog` holds a value of the plasma for every value of `in`.
MISFIRE_VECTOR_CLONES void add_fog(const std::uint8_t* in, const double* plasma, const Blend& blend, std::uint8_t* out,
                                   std::size_t count) {
    const double divisor = blend.largest + blend.amount;
    const double share = blend.largest / divisor, thickness = 255.0 * blend.amount / blend.range * share;
    const auto quick = [=](std::size_t i) __attribute__((always_inline)) {
        return static_cast<float>(in[i] * share + (plasma[i] - blend.low) * thickness);
    };
    const auto exact = [=](std::size_t i) __attribute__((always_inline)) {
        const double fog = blend.amount * ((plasma[i] - blend.low) / blend.range);
        return cut_to_byte((in[i] / 255.0 + fog) * blend.largest / divisor);
    };
    cut_quickly(out, count, 4e-5F, quick, exact);
}

MISFIRE_VECTOR_CLONES void triple(const double* in, double* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = in[i];
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
        auto& tripled = scratch.doubles[2];  // the plasma is done with it
        tripled.resize(std::max(tripled.size(), stride));
        for (std::size_t y = 0; y < static_cast<std::size_t>(in.height); ++y) {
            const double* row = plasma.map->data() + y * static_cast<std::size_t>(side);
            if (in.channels == 3) triple(row, tripled.data(), width);
            add_fog(in.pixels.data() + y * stride, in.channels == 3 ? tripled.data() : row, blend,
                    out.pixels.data() + y * stride, stride);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry fog() { return {describe, make_unit<Fog>}; }
}  // namespace units

}  // namespace misfire
