// The colour channels are enlarged by different factors: a lens that focuses colours at different scales. (The name is
// spelled as published.)
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "perturbations/image/cifar_c_bar.h"
#include "perturbations/image/cubic_spline.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "transverse_chromatic_abberation";
    info.summary = "colour channels enlarged by different factors, as by a cheap lens: fringes that grow to the rim";
    info.category = "c-bar";
    info.groups = {"cifar-c-bar"};
    info.published_order = 113;
    info.monotone = false;
    info.why_not_monotone =
        "enlarged sides are rounded to whole pixels and trimmed by whole pixels, which moves a channel by half a pixel "
        "at every other size (seen at 32 px between neighbouring levels)";
    info.parameters = {cifar_c_bar_strength({1, 2, 5, 9, 10}),
                       cifar_c_bar_error_share("the blur of the spline, which leaves even a factor of 1 unsharp")};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = std::string(cifar_c_bar_reference) +
                     "; scipy.ndimage.zoom of order 3 without prefilter. Grey pictures are what a colour picture with "
                     "three equal channels becomes, in ITU-R 601 luma";
    return info;
}

constexpr std::uint32_t order_stream = 0;  // which of the six orders the three factors come in

constexpr double largest_scale = 0.5;

// Which output pixel takes which four input samples along one axis, and how much of each.
struct Tap {
    std::array<std::size_t, 4> sample;
    std::array<double, 4> weight;
};

// Corner-aligned enlargement by `factor`, of which the central `size` pixels are kept.
std::vector<Tap> zoom_taps(int size, double factor) {
    const int enlarged = static_cast<int>(std::nearbyint(size * factor));
    const int first = (enlarged - size) / 2;
    const double step = static_cast<double>(size - 1) / (enlarged - 1);
    std::vector<Tap> taps(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) {
        const double position = (first + i) * step, low = std::floor(position);
        Tap& tap = taps[static_cast<std::size_t>(i)];
        tap.weight = cubic_spline_weights(position - low);
        for (int k = 0; k < 4; ++k)
            tap.sample[static_cast<std::size_t>(k)] =
                static_cast<std::size_t>(reflect_whole(static_cast<int>(low) - 1 + k, size));
    }
    return taps;
}

// `channel` of `in` enlarged, in levels, not rounded. `wide` holds the rows enlarged sideways.
void zoom_channel(const Image& in, std::size_t channel, double factor, std::vector<double>& wide,
                  std::vector<double>& zoomed) {
    const auto rows = zoom_taps(in.height, factor), columns = zoom_taps(in.width, factor);
    const auto step = static_cast<std::size_t>(in.channels);
    wide.resize(rows.size() * columns.size());
    zoomed.resize(wide.size());
    double* to = wide.data();
    for (std::size_t y = 0; y < rows.size(); ++y) {
        const std::uint8_t* from = in.pixels.data() + y * columns.size() * step + channel;
        for (const auto& [sample, weight] : columns) {
            *to++ = from[sample[0] * step] * weight[0] + from[sample[1] * step] * weight[1] +
                    from[sample[2] * step] * weight[2] + from[sample[3] * step] * weight[3];
        }
    }
    to = zoomed.data();
    for (const auto& [sample, weight] : rows) {
        const double* from[4];
        for (std::size_t k = 0; k < 4; ++k) from[k] = wide.data() + sample[k] * columns.size();
        for (std::size_t x = 0; x < columns.size(); ++x) {
            *to++ = from[0][x] * weight[0] + from[1][x] * weight[1] + from[2][x] * weight[2] + from[3][x] * weight[3];
        }
    }
}

std::array<double, 3> factors_in_order(double largest, std::int32_t order) {
    std::array<double, 3> factors = {1.0, 1.0 + largest / 2.0, 1.0 + largest};
    for (std::int32_t i = 0; i < order; ++i) std::next_permutation(factors.begin(), factors.end());
    return factors;
}

// Rounded as scipy does where it stores to 8 bits; of the change only `share`.
std::uint8_t towards(std::uint8_t clean, double zoomed, double share) {
    const double rounded = std::floor(zoomed + 0.5);
    return share == 1.0 ? static_cast<std::uint8_t>(rounded)
                        : static_cast<std::uint8_t>(std::floor(clean + share * (rounded - clean) + 0.5));
}

class TransverseChromaticAbberation final : public PublishedUnit {
  public:
    explicit TransverseChromaticAbberation(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        std::int32_t order = 0;
        random.integers({&order, 1}, 0, 6, order_stream);
        const auto factors = factors_in_order(values[0] * largest_scale / 10.0, order);
        shape_like(in, out);
        if (in.channels == 1) {
            zoom_grey(in, factors, values[1], out, scratch);
            return;
        }
        for (std::size_t c = 0; c < 3; ++c) {
            zoom_channel(in, c, factors[c], scratch.doubles[0], scratch.doubles[1]);
            for (std::size_t i = 0; i < scratch.doubles[1].size(); ++i) {
                out.pixels[3 * i + c] = towards(in.pixels[3 * i + c], scratch.doubles[1][i], values[1]);
            }
        }
    }

  private:
    static void zoom_grey(const Image& in, const std::array<double, 3>& factors, double share, Image& out,
                          Scratch& scratch) {
        constexpr std::array<double, 3> luma = {0.299, 0.587, 0.114};
        auto& sum = scratch.doubles[2];
        sum.assign(in.size(), 0.0);
        for (std::size_t c = 0; c < 3; ++c) {
            zoom_channel(in, 0, factors[c], scratch.doubles[0], scratch.doubles[1]);
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += luma[c] * scratch.doubles[1][i];
        }
        for (std::size_t i = 0; i < sum.size(); ++i) out.pixels[i] = towards(in.pixels[i], sum[i], share);
    }
};

}  // namespace

namespace units {
PerturbationEntry transverse_chromatic_abberation() { return {describe, make_unit<TransverseChromaticAbberation>}; }
}  // namespace units

}  // namespace misfire
