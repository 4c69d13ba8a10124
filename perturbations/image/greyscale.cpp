// Colour taken away: every channel moves towards the pixel's luma.
#include "core/vector_clones.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "greyscale";
    info.summary = "colour fades until the picture is grey";
    info.stage = Stage::source;
    info.category = "camera";
    info.colour_only = true;
    info.parameters = {{.name = "share_of_grey",
                        .unit = "fraction",
                        .meaning = "share of the way from each channel to the pixel's luma; 1 is a grey picture. Grey "
                                   "pictures stay as they are",
                        .identity = 0.0,
                        .published = {{"any", {.2, .4, .6, .8, 1}}}}};
    info.reference = "luma of ITU-R BT.601-7; levels of our own";
    return info;
}

MISFIRE_VECTOR_CLONES void fade(const std::uint8_t* in, float share, std::uint8_t* out, std::size_t pixels) {
    const float kept = 1.0F - share;
    for (std::size_t i = 0; i < pixels; ++i) {
        const float red = in[3 * i], green = in[3 * i + 1], blue = in[3 * i + 2];
        const float grey = share * (0.299F * red + 0.587F * green + 0.114F * blue) + 0.5F;
        out[3 * i] = static_cast<std::uint8_t>(static_cast<int>(kept * red + grey));
        out[3 * i + 1] = static_cast<std::uint8_t>(static_cast<int>(kept * green + grey));
        out[3 * i + 2] = static_cast<std::uint8_t>(static_cast<int>(kept * blue + grey));
    }
}

class Greyscale final : public PublishedUnit {
  public:
    explicit Greyscale(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch&) const override {
        if (in.channels == 1) {
            out = in;
            return;
        }
        shape_like(in, out);
        fade(in.pixels.data(), static_cast<float>(parameters(in, severity)[0]), out.pixels.data(), in.size() / 3);
    }
};

}  // namespace

namespace units {
PerturbationEntry greyscale() { return {describe, make_unit<Greyscale>}; }
}  // namespace units

}  // namespace misfire
