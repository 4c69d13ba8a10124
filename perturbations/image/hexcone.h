// Hexcone HSV in double, in the order of operations of skimage.color.rgb2hsv and hsv2rgb: V = max, S = (max - min) /
// max, hue of grey and black 0. The published results sit on knife edges of the final truncation, so the order matters.
// On eight pixels at a time: everything is a selection, nothing a branch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace misfire::hexcone {

using Doubles = double __attribute__((vector_size(64)));
using Integers = std::int32_t __attribute__((vector_size(32)));

struct Hsv {
    Doubles hue;  // turns, [0, 1)
    Doubles saturation;
    Doubles value;
};

struct Rgb {
    Doubles red;
    Doubles green;
    Doubles blue;
};

[[gnu::always_inline]] inline double clip(double x) { return x < 0.0 ? 0.0 : (x > 1.0 ? 1.0 : x); }
[[gnu::always_inline]] inline Doubles clip(Doubles x) {
    const Doubles zero = {}, one = zero + 1.0;
    x = x < zero ? zero : x;
    return x > one ? one : x;
}

// Of small values.
[[gnu::always_inline]] inline Doubles floor_small(Doubles x) {
    const Doubles cut = __builtin_convertvector(__builtin_convertvector(x, Integers), Doubles);
    return cut > x ? cut - 1.0 : cut;
}

[[gnu::always_inline]] inline Hsv from_rgb(const Rgb& rgb) {
    const Doubles red = rgb.red, green = rgb.green, blue = rgb.blue;
    const Doubles zero = {}, one = zero + 1.0;
    const Doubles rg = red > green ? red : green;
    const Doubles value = rg > blue ? rg : blue;
    const Doubles low_rg = red < green ? red : green;
    const Doubles delta = value - (low_rg < blue ? low_rg : blue);
    // Later channels win ties, as in skimage, where each assignment overwrites the one before.
    Doubles sector = green == value ? zero + 2.0 : zero;
    Doubles beyond = green == value ? blue - red : green - blue;
    sector = blue == value ? zero + 4.0 : sector;
    beyond = blue == value ? red - green : beyond;
    const Doubles turns = (sector + beyond / (delta == zero ? one : delta)) / 6.0;
    const Doubles hue = delta == zero ? zero : turns - floor_small(turns);
    return {hue, delta / (value == zero ? one : value), value};
}

[[gnu::always_inline]] inline Rgb to_rgb(const Hsv& hsv) {
    const Doubles sixths = hsv.hue * 6.0;
    const Doubles sector = floor_small(sixths);  // 6 means 0 again
    const Doubles f = sixths - sector;
    const Doubles v = hsv.value;
    const Doubles p = v * (1.0 - hsv.saturation);
    const Doubles q = v * (1.0 - f * hsv.saturation);
    const Doubles t = v * (1.0 - (1.0 - f) * hsv.saturation);
    return {sector < 1.0 ? v : (sector < 2.0 ? q : (sector < 4.0 ? p : (sector < 5.0 ? t : v))),
            sector < 1.0 ? t : (sector < 3.0 ? v : (sector < 4.0 ? q : (sector < 6.0 ? p : t))),
            sector < 2.0 ? p : (sector < 3.0 ? t : (sector < 5.0 ? v : (sector < 6.0 ? q : p)))};
}

// byte / 255.0 without the division: a reciprocal of 33 bits, whose product with a byte is exact, and what it lacks.
[[gnu::always_inline]] constexpr double unit_from_byte(std::uint8_t byte) {
    constexpr double coarse = 0x1.01010101p-8;
    constexpr double lacking = 0x1p-40 / 255.0;  // the digits repeat every 8 bits
    const double x = static_cast<double>(static_cast<int>(byte));
    return x * coarse + x * lacking;
}

constexpr bool divides_every_byte() {
    for (int byte = 0; byte < 256; ++byte) {
        if (unit_from_byte(static_cast<std::uint8_t>(byte)) != byte / 255.0) return false;
    }
    return true;
}
static_assert(divides_every_byte());

constexpr std::size_t block = 64;  // pixels

[[gnu::always_inline]] inline void take_plane(const std::uint8_t* in, double* plane) {
    for (std::size_t i = 0; i < block; ++i) plane[i] = unit_from_byte(in[3 * i]);
}

// trunc(255 clip(x)) of a vector's worth.
[[gnu::always_inline]] inline void cut(Doubles x, std::int32_t* bytes) {
    const Integers cut = __builtin_convertvector(clip(x) * 255.0, Integers);
    __builtin_memcpy(bytes, &cut, sizeof cut);
}

// Sends every pixel of RGB bytes to HSV, through `change` (Hsv to Hsv), and back. Requires at least 64 pixels.
template <typename Change>
[[gnu::always_inline]] inline void change_pixels(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels,
                                                 Change change) {
    constexpr std::size_t lanes = sizeof(Doubles) / sizeof(double);
    alignas(64) double red[block], green[block], blue[block];
    alignas(64) std::int32_t bytes[3][block];
    for (std::size_t done = 0; done < pixels; done += block) {
        const std::size_t first = 3 * std::min(done, pixels - block);  // the last block overlaps the one before
        take_plane(in + first, red);
        take_plane(in + first + 1, green);
        take_plane(in + first + 2, blue);
        for (std::size_t i = 0; i < block; i += lanes) {
            Rgb rgb;
            __builtin_memcpy(&rgb.red, red + i, sizeof rgb.red);
            __builtin_memcpy(&rgb.green, green + i, sizeof rgb.green);
            __builtin_memcpy(&rgb.blue, blue + i, sizeof rgb.blue);
            rgb = to_rgb(change(from_rgb(rgb)));
            cut(rgb.red, bytes[0] + i);
            cut(rgb.green, bytes[1] + i);
            cut(rgb.blue, bytes[2] + i);
        }
        for (std::size_t i = 0; i < block; ++i) {
            out[first + 3 * i] = static_cast<std::uint8_t>(bytes[0][i]);
            out[first + 3 * i + 1] = static_cast<std::uint8_t>(bytes[1][i]);
            out[first + 3 * i + 2] = static_cast<std::uint8_t>(bytes[2][i]);
        }
    }
}

}  // namespace misfire::hexcone
