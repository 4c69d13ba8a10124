// A camera set for light of another colour temperature than the scene had.
#include <array>

#include "perturbations/image/published_unit.h"
#include "perturbations/image/srgb.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "white_balance";
    info.summary = "wrong white balance: an orange or a blue cast, as of lamps in a picture taken for daylight";
    info.stage = Stage::source;
    info.category = "camera";
    info.colour_only = true;
    info.parameters = {{.name = "mired_shift",
                        .unit = "mired",
                        .meaning = "distance in 10^6 / kelvin between the light and the light that the camera is set "
                                   "for, one of which is daylight of 6504 K (200: a lamp of 2827 K)",
                        .identity = 0.0,
                        .published = {{"any", {20, 50, 90, 140, 200}}}}};
    info.options = {{"direction",
                     "warm: the light is warmer than the camera believes (orange cast); cold: it is colder (blue "
                     "cast); either: drawn for each sample. Grey pictures have no cast and stay as they are",
                     "either",
                     {"either", "warm", "cold"},
                     false}};
    info.reference =
        "linear light and primaries of sRGB, IEC 61966-2-1:1999; Planckian locus by Kim et al., Design of advanced "
        "color temperature control system for HDTV applications, J. Korean Physical Society 41(6), 2002; range of "
        "temperatures as in Afifi and Brown, What else can fool deep learning?, ICCV 2019";
    return info;
}

constexpr std::uint32_t direction_stream = 0;

constexpr double daylight_kelvin = 6504.0;

using Colour = std::array<double, 3>;  // linear sRGB

// Of a black body that is as bright as white. Requires 2222 <= kelvin <= 25000.
Colour black_body(double kelvin) {
    const double t = 1e3 / kelvin;
    const double x = kelvin < 4000.0 ? ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
                                     : ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390;
    const double y = kelvin < 4000.0 ? ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
                                     : ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483;
    const double big_x = x / y, big_z = (1.0 - x - y) / y;
    return {3.2406 * big_x - 1.5372 - 0.4986 * big_z, -0.9689 * big_x + 1.8758 + 0.0415 * big_z,
            0.0557 * big_x - 0.2040 + 1.0570 * big_z};
}

// Factors of the three channels that leave the luminance of a grey as it is.
Colour gains(double mired_shift, bool warm) {
    const Colour daylight = black_body(daylight_kelvin);
    const Colour lamp = black_body(1e6 / (1e6 / daylight_kelvin + mired_shift));
    Colour gain{};
    for (std::size_t c = 0; c < 3; ++c) gain[c] = warm ? lamp[c] / daylight[c] : daylight[c] / lamp[c];
    const double luminance = 0.2126 * gain[0] + 0.7152 * gain[1] + 0.0722 * gain[2];
    for (double& value : gain) value /= luminance;
    return gain;
}

class WhiteBalance final : public PublishedUnit {
  public:
    explicit WhiteBalance(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        if (in.channels == 1) {
            out = in;
            return;
        }
        const std::string& direction = options().at("direction");
        const bool warm = direction == "either" ? random.uniform(direction_stream) < 0.5F : direction == "warm";
        const Colour gain = gains(parameters(in, severity)[0], warm);
        map_levels(in, {multiply_light(gain[0]), multiply_light(gain[1]), multiply_light(gain[2])}, out);
    }
};

}  // namespace

namespace units {
PerturbationEntry white_balance() { return {describe, make_unit<WhiteBalance>}; }
}  // namespace units

}  // namespace misfire
