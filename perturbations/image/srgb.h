// Between 8-bit sRGB and linear light (IEC 61966-2-1), by tables, for what happens before a camera's transfer curve.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/image.h"

namespace misfire {

struct SrgbTables {
    static constexpr int bins = 4096;        // fine enough that no bin holds two of the levels' borders
    std::array<float, 256> linear;           // light of a level, black 0 to white 1
    std::array<float, 256> border;           // light from which on the next level is nearer; none above white
    std::array<std::uint8_t, bins + 1> low;  // level at the lower end of each bin of [0, 1]
};

const SrgbTables& srgb_tables();

// The nearest level of any amount of light; below black and above white cut off.
[[gnu::always_inline]] inline std::uint8_t encode_srgb(const SrgbTables& tables, float light) {
    const float clipped = light > 0.0F ? (light < 1.0F ? light : 1.0F) : 0.0F;
    const std::uint8_t level = tables.low[static_cast<std::size_t>(static_cast<int>(clipped * SrgbTables::bins))];
    return static_cast<std::uint8_t>(level + (clipped >= tables.border[level] ? 1 : 0));
}

using LevelTable = std::array<std::uint8_t, 256>;

// Where each level goes when its light is multiplied by `gain` >= 0.
LevelTable multiply_light(double gain);

// Writes the picture with each channel c (one or three of them) sent through tables[c].
void map_levels(const Image& in, const std::array<LevelTable, 3>& tables, Image& out);

}  // namespace misfire
