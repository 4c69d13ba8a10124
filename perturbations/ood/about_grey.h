// Patterns that stand out from mid-grey the more, the higher the severity.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/generated_set.h"

namespace misfire {

inline constexpr double mid_grey = 127.5;

// Share of the full contrast at a severity.
inline double contrast_at(double severity) { return severity / largest_generated_severity; }

// mid-grey + contrast * (value - mid-grey), rounded and cut to 0..255.
inline std::uint8_t about_grey(double value, double contrast) {
    return static_cast<std::uint8_t>(std::clamp(mid_grey + contrast * (value - mid_grey), 0.0, 255.0) + 0.5);
}

// Makes `out` as large as `in`.
inline void shape_as(const Image& in, Image& out) {
    if (!out.same_shape(in)) out = Image(in.height, in.width, in.channels);
}

using Colour = std::array<double, 3>;  // 0..255; grey images take the first

// Two colours a quarter to three quarters of the range apart in every channel: six draws of the stream.
inline std::array<Colour, 2> two_colours(const Random& random, std::uint32_t stream) {
    float u[6];
    random.uniform(u, stream);
    std::array<Colour, 2> colours;
    for (std::size_t c = 0; c < 3; ++c) {
        const double first = 256.0 * static_cast<double>(u[2 * c]);
        const double apart = 64.0 + 128.0 * static_cast<double>(u[2 * c + 1]);
        colours[0][c] = std::min(first, 255.0);
        colours[1][c] = first + apart < 256.0 ? first + apart : first + apart - 256.0;
    }
    return colours;
}

// A pixel that is `share` of the second colour and the rest of the first.
inline void put_mixed(Image& out, std::size_t pixel, const std::array<Colour, 2>& colours, double share,
                      double contrast) {
    const auto channels = static_cast<std::size_t>(out.channels);
    for (std::size_t c = 0; c < channels; ++c) {
        const double value = colours[0][c] + share * (colours[1][c] - colours[0][c]);
        out.pixels[pixel * channels + c] = about_grey(value, contrast);
    }
}

inline constexpr const char* contrast_meaning =
    "contrast about mid-grey; 5 is full contrast, small values a blank image";

}  // namespace misfire
