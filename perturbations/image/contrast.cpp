// (x - m) * c + m with m the mean of each channel.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "core/vector_clones.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "contrast";
    info.summary = "lowers the contrast: every channel is pulled towards its mean (fog of exposure, dirty lens)";
    info.category = "digital";
    info.groups = {"imagenet-c"};
    info.published_order = 11;
    info.parameters = {{.name = "scale",
                        .unit = "1",
                        .meaning = "factor of the distance from the channel's mean",
                        .identity = 1.0,
                        .published = {{"32", {.75, .5, .4, .3, .15}},
                                      {"64", {.4, .3, .2, .1, .05}},
                                      {"224", {.4, .3, .2, .1, .05}},
                                      {"299", {.4, .3, .2, .1, .05}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

constexpr std::size_t period = 48;  // values after which lanes of a register and channels meet again

// sums[k]: of the values k, k + period, ...
MISFIRE_VECTOR_CLONES void sum_lanes(const std::uint8_t* in, std::size_t count, std::uint64_t* sums) {
    constexpr std::size_t at_once = period * 65536;  // their sums fit into 32 bits
    for (std::size_t first = 0; first < count; first += at_once) {
        const std::size_t end = first + at_once < count ? first + at_once : count;
        std::uint32_t part[period] = {};
        std::size_t i = first;
        for (; i + period <= end; i += period) {
            for (std::size_t k = 0; k < period; ++k) part[k] += in[i + k];
        }
        for (std::size_t k = 0; i + k < end; ++k) part[k] += in[i + k];
        for (std::size_t k = 0; k < period; ++k) sums[k] += part[k];
    }
}

using Table = std::array<std::uint8_t, 256>;

// (factor * value + offset) >> 16 says what the table says.
struct Line {
    std::int32_t factor;
    std::int32_t offset;
};

std::optional<Line> line_through(const Table& table, double scale) {
    const auto factor = static_cast<std::int32_t>(std::lround(scale * 65536.0));
    std::int32_t least = std::numeric_limits<std::int32_t>::min(), most = std::numeric_limits<std::int32_t>::max();
    for (std::int32_t v = 0; v < 256; ++v) {
        const std::int32_t level = table[static_cast<std::size_t>(v)] * 65536;
        least = std::max(least, level - factor * v);
        most = std::min(most, level + 65535 - factor * v);
    }
    if (least > most) return std::nullopt;
    return Line{factor, least};
}

MISFIRE_VECTOR_CLONES void follow_lines(const std::uint8_t* in, std::int32_t factor, const std::int32_t* offsets,
                                        std::uint8_t* out, std::size_t count) {
    std::size_t i = 0;
    for (; i + period <= count; i += period) {
        for (std::size_t k = 0; k < period; ++k)
            out[i + k] = static_cast<std::uint8_t>((factor * in[i + k] + offsets[k]) >> 16);
    }
    for (std::size_t k = 0; i + k < count; ++k)
        out[i + k] = static_cast<std::uint8_t>((factor * in[i + k] + offsets[k]) >> 16);
}

template <std::size_t channels>
using Means = std::array<double, channels>;

// Exact but for one rounding.
template <std::size_t channels>
Means<channels> means(const Image& image) {
    std::uint64_t lane_sums[period] = {};
    sum_lanes(image.pixels.data(), image.size(), lane_sums);
    std::array<std::uint64_t, channels> sum{};
    for (std::size_t k = 0; k < period; ++k) sum[k % channels] += lane_sums[k];
    const std::size_t pixels = image.size() / channels;
    Means<channels> mean{};
    for (std::size_t c = 0; c < channels; ++c) {
        mean[c] = static_cast<double>(sum[c]) / 255.0 / static_cast<double>(pixels);
    }
    return mean;
}

// With the rounding errors of numpy.mean over height and width: one addition after the other.
template <std::size_t channels>
Means<channels> means_as_numpy(const Image& image) {
    Means<channels> mean{};
    for (std::size_t i = 0; i < image.size(); i += channels) {
        for (std::size_t c = 0; c < channels; ++c) mean[c] += image.pixels[i + c] / 255.0;
    }
    for (double& value : mean) value /= static_cast<double>(image.size() / channels);
    return mean;
}

double scaled(std::size_t value, double mean, double scale) {
    return (static_cast<double>(value) / 255.0 - mean) * scale + mean;
}

// Whether some result lies so near to a whole level that the truncation hangs on the rounding of the mean.
template <std::size_t channels>
bool on_knife_edge(const Means<channels>& mean, double scale) {
    for (const double m : mean) {
        for (std::size_t v = 0; v < 256; ++v) {
            const double level = scaled(v, m, scale) * 255.0;
            if (std::abs(level - std::nearbyint(level)) < 1e-8) return true;
        }
    }
    return false;
}

template <std::size_t channels>
void flatten(const Image& in, double scale, Image& out) {
    Means<channels> mean = means<channels>(in);
    if (on_knife_edge<channels>(mean, scale)) mean = means_as_numpy<channels>(in);
    std::array<Table, channels> table{};
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t v = 0; v < 256; ++v) {
            table[c][v] = cut_to_byte(scaled(v, mean[c], scale));
        }
    }
    std::int32_t factor = 0, offsets[period];
    bool straight = true;
    for (std::size_t k = 0; k < period; ++k) {
        const auto line = k < channels ? line_through(table[k], scale) : std::nullopt;
        straight = straight && (k >= channels || line.has_value());
        if (line) factor = line->factor;
        offsets[k] = line ? line->offset : offsets[k % channels];
    }
    if (straight) {
        follow_lines(in.pixels.data(), factor, offsets, out.pixels.data(), in.size());
        return;
    }
    for (std::size_t i = 0; i < in.size(); i += channels) {
        for (std::size_t c = 0; c < channels; ++c) out.pixels[i + c] = table[c][in.pixels[i + c]];
    }
}

class Contrast final : public PublishedUnit {
  public:
    explicit Contrast(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch&) const override {
        const double scale = parameters(in, severity)[0];
        shape_like(in, out);
        if (in.channels == 3) {
            flatten<3>(in, scale, out);
        } else {
            flatten<1>(in, scale, out);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry contrast() { return {describe, make_unit<Contrast>}; }
}  // namespace units

}  // namespace misfire
