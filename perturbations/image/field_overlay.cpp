#include "perturbations/image/field_overlay.h"

#include "core/vector_clones.h"

namespace misfire {

namespace {

[[gnu::always_inline]] inline std::uint8_t cut(double x) {
    return static_cast<std::uint8_t>(static_cast<int>(x < 0.0 ? 0.0 : (x > 255.0 ? 255.0 : x)));
}

MISFIRE_VECTOR_CLONES void overlay_grey(const std::uint8_t* in, const float* field, double keep, double gain,
                                        std::uint8_t* out, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) out[i] = cut(keep * in[i] + gain * static_cast<double>(field[i]));
}

MISFIRE_VECTOR_CLONES void overlay_colour(const std::uint8_t* in, const float* red, const float* green,
                                          const float* blue, double keep, double gain, std::uint8_t* out,
                                          std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        out[3 * i] = cut(keep * in[3 * i] + gain * static_cast<double>(red[i]));
        out[3 * i + 1] = cut(keep * in[3 * i + 1] + gain * static_cast<double>(green[i]));
        out[3 * i + 2] = cut(keep * in[3 * i + 2] + gain * static_cast<double>(blue[i]));
    }
}

}  // namespace

void overlay_fields(const Image& in, const ChannelFields& fields, double keep, double gain, Image& out) {
    if (in.channels == 1) {
        overlay_grey(in.pixels.data(), fields[0], keep, gain, out.pixels.data(), in.size());
    } else {
        overlay_colour(in.pixels.data(), fields[0], fields[1], fields[2], keep, gain, out.pixels.data(), in.size() / 3);
    }
}

}  // namespace misfire
