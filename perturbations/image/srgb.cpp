#include "perturbations/image/srgb.h"

#include <cmath>
#include <limits>

#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

// `level` need not be whole.
double light_of(double level) {
    const double x = level / 255.0;
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

SrgbTables build_tables() {
    SrgbTables tables;
    for (std::size_t v = 0; v < 256; ++v) {
        tables.linear[v] = static_cast<float>(light_of(static_cast<double>(v)));
        tables.border[v] = v == 255 ? std::numeric_limits<float>::infinity()
                                    : static_cast<float>(light_of(static_cast<double>(v) + 0.5));
    }
    std::size_t level = 0;
    for (std::size_t bin = 0; bin < tables.low.size(); ++bin) {
        while (static_cast<float>(bin) / SrgbTables::bins >= tables.border[level]) ++level;
        tables.low[bin] = static_cast<std::uint8_t>(level);
    }
    return tables;
}

template <std::size_t channels>
void map_channels(const Image& in, const std::array<LevelTable, 3>& tables, Image& out) {
    const std::uint8_t* from = in.pixels.data();
    std::uint8_t* to = out.pixels.data();
    for (std::size_t i = 0; i < in.size(); i += channels) {
        for (std::size_t c = 0; c < channels; ++c) to[i + c] = tables[c][from[i + c]];
    }
}

}  // namespace

const SrgbTables& srgb_tables() {
    static const SrgbTables tables = build_tables();
    return tables;
}

LevelTable multiply_light(double gain) {
    const SrgbTables& tables = srgb_tables();
    LevelTable table{};
    for (std::size_t v = 0; v < 256; ++v)
        table[v] = encode_srgb(tables, static_cast<float>(gain * static_cast<double>(tables.linear[v])));
    return table;
}

void map_levels(const Image& in, const std::array<LevelTable, 3>& tables, Image& out) {
    shape_like(in, out);
    if (in.channels == 3) {
        map_channels<3>(in, tables, out);
    } else {
        map_channels<1>(in, tables, out);
    }
}

}  // namespace misfire
