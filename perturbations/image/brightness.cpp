// V + c in hexcone HSV, clipped, back to RGB.
#include "perturbations/image/brightness.h"

#include "core/vector_clones.h"
#include "perturbations/image/hexcone.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "brightness";
    info.summary =
        "adds to the value (brightest channel) of every pixel, keeping hue and saturation (daylight, exposure)";
    info.category = "weather";
    info.groups = {"imagenet-c"};
    info.published_order = 10;
    info.parameters = {{.name = "added",
                        .unit = "fraction of white",
                        .meaning = "added to V of hexcone HSV",
                        .identity = 0.0,
                        .published = {{"32", {.05, .1, .15, .2, .3}},
                                      {"64", {.1, .2, .3, .4, .5}},
                                      {"224", {.1, .2, .3, .4, .5}},
                                      {"299", {.1, .2, .3, .4, .5}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

MISFIRE_VECTOR_CLONES void brighten(const std::uint8_t* in, double added, std::uint8_t* out, std::size_t pixels) {
    hexcone::change_pixels(
        in, out, pixels, [added](hexcone::Hsv hsv) __attribute__((always_inline)) {
            hsv.value = hexcone::clip(hsv.value + added);
            return hsv;
        });
}

class Brightness final : public PublishedUnit {
  public:
    explicit Brightness(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch&) const override {
        brighten_image(in, parameters(in, severity)[0], out);
    }
};

}  // namespace

void brighten_image(const Image& in, double added, Image& out) {
    shape_like(in, out);
    if (in.channels == 3) {
        brighten(in.pixels.data(), added, out.pixels.data(), in.size() / 3);
        return;
    }
    std::uint8_t table[256];
    for (std::size_t v = 0; v < 256; ++v) table[v] = cut_to_byte(hexcone::clip(static_cast<double>(v) / 255.0 + added));
    for (std::size_t i = 0; i < in.size(); ++i) out.pixels[i] = table[in.pixels[i]];
}

namespace units {
PerturbationEntry brightness() { return {describe, make_unit<Brightness>}; }
}  // namespace units

}  // namespace misfire
