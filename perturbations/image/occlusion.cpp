// A rectangle in front of the picture: a hand, a pole, a sticker on the lens.
#include <algorithm>
#include <array>
#include <cmath>

#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

constexpr std::uint32_t column_stream = 0;
constexpr std::uint32_t row_stream = 1;
constexpr std::uint32_t shape_stream = 2;
constexpr std::uint32_t noise_stream = 3;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "occlusion";
    info.summary = "a rectangle at a drawn place hides part of the picture (hand, pole, sticker)";
    info.category = "geometry";
    info.parameters = {
        {.name = "area",
         .unit = "fraction of the picture",
         .meaning = "that is hidden, with edges on whole pixels; each rectangle contains those of lower severity",
         .identity = 0.0,
         .published = {{"any", {.04, .1, .2, .35, .6}}}}};
    info.options = {{"fill",
                     "of the rectangle: grey (128), black, mean (of the picture, per channel), or noise (uniform)",
                     "grey",
                     {"grey", "black", "mean", "noise"},
                     false}};
    info.reference =
        "levels are our own; grey rectangles after Zeiler and Fergus, Visualizing and Understanding Convolutional "
        "Networks, ECCV 2014; training with hidden squares: DeVries and Taylor, Improved Regularization of "
        "Convolutional Neural Networks with Cutout, 2017 (16 px of 32: a quarter of the area), Zhong et al., Random "
        "Erasing Data Augmentation, AAAI 2020 (2 to 40 % of the area)";
    return info;
}

// Columns and rows [first, last).
struct Span {
    int first;
    int last;
};

// The free space is split at the same ratio whatever the length, so that longer spans contain shorter ones; rounding
// edges keeps it so.
Span place(double fraction, int side, float draw) {
    const double length = fraction * side;
    const double first = static_cast<double>(draw) * (side - length);
    return {static_cast<int>(std::lround(first)), static_cast<int>(std::lround(first + length))};
}

struct Rectangle {
    Span columns, rows;
};

// As a fraction of the picture's sides it is between half and twice as wide as high, by draw, as far as it fits.
Rectangle rectangle(const Image& image, double area, const Random& random) {
    const double shape = std::exp2(2.0 * static_cast<double>(random.uniform(shape_stream)) - 1.0);
    const double width = std::clamp(std::sqrt(area * shape), area, 1.0);
    const double height = width > 0.0 ? std::min(1.0, area / width) : 0.0;
    return {place(width, image.width, random.uniform(column_stream)),
            place(height, image.height, random.uniform(row_stream))};
}

std::array<std::uint8_t, 3> mean_colour(const Image& image) {
    std::array<std::uint64_t, 3> sum{};
    const auto channels = static_cast<std::size_t>(image.channels);
    for (std::size_t i = 0; i < image.size(); i += channels) {
        for (std::size_t c = 0; c < channels; ++c) sum[c] += image.pixels[i + c];
    }
    const std::uint64_t pixels = image.size() / channels;
    std::array<std::uint8_t, 3> mean{};
    for (std::size_t c = 0; c < channels; ++c) mean[c] = static_cast<std::uint8_t>((sum[c] + pixels / 2) / pixels);
    return mean;
}

class Occlusion final : public PublishedUnit {
  public:
    explicit Occlusion(const Options& given) : PublishedUnit(describe(), given), fill_(options().at("fill")) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const Rectangle hidden = rectangle(in, parameters(in, severity)[0], random);
        shape_like(in, out);
        std::copy(in.pixels.begin(), in.pixels.end(), out.pixels.begin());
        const auto channels = static_cast<std::size_t>(in.channels);
        const std::size_t count = static_cast<std::size_t>(hidden.columns.last - hidden.columns.first) * channels;
        if (count == 0) return;
        const std::array<std::uint8_t, 3> colour = flat_colour(in);
        for (int y = hidden.rows.first; y < hidden.rows.last; ++y) {
            const std::size_t first = (static_cast<std::size_t>(y) * static_cast<std::size_t>(in.width) +
                                       static_cast<std::size_t>(hidden.columns.first)) *
                                      channels;
            const std::span<std::uint8_t> row(out.pixels.data() + first, count);
            if (fill_ == "noise") {
                fill_noise(random, first, row, scratch.floats[0]);
            } else {
                for (std::size_t i = 0; i < count; ++i) row[i] = colour[i % channels];
            }
        }
    }

  private:
    std::array<std::uint8_t, 3> flat_colour(const Image& in) const {
        if (fill_ == "mean") return mean_colour(in);
        const std::uint8_t level = fill_ == "grey" ? 128 : 0;
        return {level, level, level};
    }

    // Draws belong to the pixels of the whole picture, so a larger rectangle shows the same noise and more.
    static void fill_noise(const Random& random, std::size_t first, std::span<std::uint8_t> row,
                           std::vector<float>& draws) {
        draws.resize(row.size());
        random.uniform(draws, noise_stream, first);
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<std::uint8_t>(draws[i] * 256.0F);
    }

    std::string fill_;
};

}  // namespace

namespace units {
PerturbationEntry occlusion() { return {describe, make_unit<Occlusion>}; }
}  // namespace units

}  // namespace misfire
