// (x - m) * c + m with m the mean of each channel.
#include <array>
#include <cmath>

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

template <std::size_t channels>
using Means = std::array<double, channels>;

// Exact but for one rounding.
template <std::size_t channels>
Means<channels> means(const Image& image) {
    std::array<std::uint64_t, channels> sum{};
    for (std::size_t i = 0; i < image.size(); i += channels) {
        for (std::size_t c = 0; c < channels; ++c) sum[c] += image.pixels[i + c];
    }
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
    std::array<std::array<std::uint8_t, 256>, channels> table{};
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t v = 0; v < 256; ++v) {
            table[c][v] = cut_to_byte(scaled(v, mean[c], scale));
        }
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
