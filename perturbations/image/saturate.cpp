// S * gain + offset in hexcone HSV, clipped, back to RGB.
#include "core/vector_clones.h"
#include "perturbations/image/hexcone.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "saturate";
    info.summary =
        "less colour (severities to 2), then too much of it (from 3); grey pixels turn red from 4 on, as published";
    info.category = "extra";
    info.published_order = 18;
    info.colour_only = true;
    info.monotone = false;
    info.why_not_monotone =
        "two arms: levels 1 and 2 take colour away, levels 3 to 5 add it; single-channel images have none and stay";
    info.second_arm_from = 3;
    const std::vector<double> gain_224 = {.3, .1, 2, 5, 20};
    const std::vector<double> offset_224 = {0, 0, 0, .1, .2};
    info.parameters = {
        {.name = "gain",
         .unit = "1",
         .meaning = "factor of S of hexcone HSV",
         .identity = 1.0,
         .published =
             {{"32", {.3, .1, 1.5, 2, 2.5}}, {"64", {.3, .1, 2, 5, 30}}, {"224", gain_224}, {"299", gain_224}}},
        {.name = "offset",
         .unit = "fraction of full saturation",
         .meaning = "added to S after the factor",
         .identity = 0.0,
         .published = {{"32", offset_224}, {"64", offset_224}, {"224", offset_224}, {"299", offset_224}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

MISFIRE_VECTOR_CLONES void change_saturation(const std::uint8_t* in, double gain, double offset, std::uint8_t* out,
                                             std::size_t pixels) {
    const auto change = [ gain, offset ](hexcone::Hsv hsv) __attribute__((always_inline)) {
        hsv.saturation = hexcone::clip(hsv.saturation * gain + offset);
        return hsv;
    };
    hexcone::change_pixels(in, out, pixels, change);
}

class Saturate final : public PublishedUnit {
  public:
    explicit Saturate(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch&) const override {
        const ParameterValues values = parameters(in, severity);
        shape_like(in, out);
        if (in.channels == 3) {
            change_saturation(in.pixels.data(), values[0], values[1], out.pixels.data(), in.size() / 3);
        } else {
            out.pixels = in.pixels;
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry saturate() { return {describe, make_unit<Saturate>}; }
}  // namespace units

}  // namespace misfire
