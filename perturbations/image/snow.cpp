// Flakes (a thresholded, enlarged normal field) blown by the wind, and its half turn, over a whitened picture.
#include "perturbations/image/snow.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/clipped_zoom.h"
#include "perturbations/image/motion_taps.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

std::vector<Parameter> published_parameters() {
    const std::vector<double> mean_224 = {.1, .2, .55, .55, .55}, std_224 = {.3, .3, .3, .3, .3},
                              zoom_224 = {3, 2, 4, 4.5, 2.5}, threshold_224 = {.5, .5, .9, .85, .85},
                              radius_224 = {10, 12, 12, 12, 12}, sigma_224 = {4, 4, 8, 8, 12},
                              mix_224 = {.8, .7, .7, .65, .55};
    const std::vector<double> mean_32 = {.1, .1, .15, .25, .3}, std_32 = {.2, .2, .3, .3, .3},
                              zoom_32 = {1, 1, 1.75, 2.25, 1.25}, threshold_32 = {.6, .5, .55, .6, .65},
                              radius_32 = {8, 10, 10, 12, 14}, sigma_32 = {3, 4, 4, 6, 12};
    const std::vector<double> ones = {1, 1, 1, 1, 1};
    const auto sets = [](const std::vector<double>& small, const std::vector<double>& large) {
        return std::map<std::string, std::vector<double>>{{"32", small}, {"64", small}, {"224", large}, {"299", large}};
    };
    return {{.name = "mean", .unit = "1", .meaning = "mean of the normal field", .published = sets(mean_32, mean_224)},
            {.name = "std",
             .unit = "1",
             .meaning = "standard deviation of the normal field",
             .published = sets(std_32, std_224)},
            {.name = "zoom",
             .unit = "px",
             .meaning = "size of a flake",
             .scales_with_side = true,
             .published = sets(zoom_32, zoom_224)},
            {.name = "threshold",
             .unit = "1",
             .meaning = "the field below this is no flake",
             .published = sets(threshold_32, threshold_224)},
            {.name = "radius",
             .unit = "px",
             .meaning = "length of a streak: 2 radius + 1 taps",
             .scales_with_side = true,
             .published = sets(radius_32, radius_224)},
            {.name = "sigma",
             .unit = "px",
             .meaning = "fall of the weights along a streak",
             .scales_with_side = true,
             .published = sets(sigma_32, sigma_224)},
            {.name = "mix",
             .unit = "fraction",
             .meaning = "share of the picture as it is; the rest is whitened",
             .identity = 1.0,
             .published =
                 {{"32", {.95, .9, .9, .85, .8}}, {"64", {.8, .8, .7, .65, .6}}, {"224", mix_224}, {"299", mix_224}}},
            {.name = "opacity",
             .unit = "fraction",
             .meaning = "of the flakes; below severity 1 they fade out",
             .identity = 0.0,
             .published = sets(ones, ones)}};
}

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "snow";
    info.summary = "falling snow: streaks of flakes over a whitened picture";
    info.category = "weather";
    info.groups = {"imagenet-c"};
    info.published_order = 7;
    info.monotone = false;
    info.why_not_monotone =
        "flakes change size between the published sets (zoom 2 to 4 and back to 2.5 at 224 px), so the same picture is "
        "not "
        "always covered more";
    info.parameters = published_parameters();
    info.options = {parameter_set_option(info.parameters)};
    info.reference = std::string(imagenet_c_reference) + "; ImageMagick 6 MotionBlurImage";
    return info;
}

MISFIRE_VECTOR_CLONES void cut_flakes(const double* upper, const double* lower, double weight, double threshold,
                                      std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const double value = upper[i] + (lower[i] - upper[i]) * weight;
        out[i] = value < threshold ? std::uint8_t{0} : cut_to_byte(value);
    }
}

// Only the part of the field that the zoom shows is drawn.
void draw_flakes(const Image& shape, const Snowfall& flakes, const Random& random, std::uint8_t* out,
                 Scratch& scratch) {
    const ZoomAxis rows = zoom_axis(shape.height, flakes.zoom);
    const ZoomAxis columns = zoom_axis(shape.width, flakes.zoom);
    const auto width = static_cast<std::size_t>(shape.width);
    const auto first_column = static_cast<std::size_t>(columns.left.front());
    const auto last_column = std::min(static_cast<std::size_t>(columns.left.back()) + 1, width - 1);
    const auto first_row = static_cast<std::size_t>(rows.left.front());
    const auto last_row =
        std::min(static_cast<std::size_t>(rows.left.back()) + 1, static_cast<std::size_t>(shape.height) - 1);
    auto& normal = scratch.floats[0];
    auto& wide = scratch.doubles[0];
    normal.resize(last_column - first_column + 1);
    wide.resize((last_row - first_row + 1) * width);
    for (std::size_t y = first_row; y <= last_row; ++y) {
        random.normal(normal, 0, y * width + first_column);
        double* line = wide.data() + (y - first_row) * width;
        for (std::size_t x = 0; x < width; ++x) {
            const auto left = static_cast<std::size_t>(columns.left[x]) - first_column;
            const auto right = std::min(left + 1, normal.size() - 1);
            const double a = flakes.mean + flakes.deviation * static_cast<double>(normal[left]);
            const double b = flakes.mean + flakes.deviation * static_cast<double>(normal[right]);
            line[x] = a + (b - a) * columns.exact_weight[x];
        }
    }
    for (std::size_t y = 0; y < static_cast<std::size_t>(shape.height); ++y) {
        const auto upper = static_cast<std::size_t>(rows.left[y]);
        const auto lower = std::min(upper + 1, last_row);
        cut_flakes(wide.data() + (upper - first_row) * width, wide.data() + (lower - first_row) * width,
                   rows.exact_weight[y], flakes.threshold, out + y * width, width);
    }
}

// a * b + c rounded once, as cv::cvtColor computes grey on processors with fused multiply-add.
[[gnu::always_inline]] inline float fused(float a, float b, float c) {
    return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
}

// clip(mix x + (1 - mix) max(x, 1.5 grey + 0.5) + layer + layer turned), the picture in single precision, the layers in
// double.
MISFIRE_VECTOR_CLONES void lay_over_colour(const std::uint8_t* in, double mix_share, const double* snow,
                                           std::uint8_t* out, std::size_t pixels) {
    const auto mix = static_cast<float>(mix_share);
    const auto rest = static_cast<float>(1.0 - mix_share);
    for (std::size_t i = 0; i < pixels; ++i) {
        const float red = static_cast<float>(in[3 * i]) / 255.0F;
        const float green = static_cast<float>(in[3 * i + 1]) / 255.0F;
        const float blue = static_cast<float>(in[3 * i + 2]) / 255.0F;
        const float white = fused(red, 0.299F, fused(green, 0.587F, blue * 0.114F)) * 1.5F + 0.5F;
        out[3 * i] = cut_to_byte(static_cast<double>(mix * red + rest * (red > white ? red : white)) + snow[i]);
        out[3 * i + 1] =
            cut_to_byte(static_cast<double>(mix * green + rest * (green > white ? green : white)) + snow[i]);
        out[3 * i + 2] = cut_to_byte(static_cast<double>(mix * blue + rest * (blue > white ? blue : white)) + snow[i]);
    }
}

MISFIRE_VECTOR_CLONES void lay_over_grey(const std::uint8_t* in, double mix_share, const double* snow,
                                         std::uint8_t* out, std::size_t pixels) {
    const auto mix = static_cast<float>(mix_share);
    const auto rest = static_cast<float>(1.0 - mix_share);
    for (std::size_t i = 0; i < pixels; ++i) {
        const float x = static_cast<float>(in[i]) / 255.0F;
        const float white = x * 1.5F + 0.5F;
        out[i] = cut_to_byte(static_cast<double>(mix * x + rest * (x > white ? x : white)) + snow[i]);
    }
}

// Both layers in the unit range.
MISFIRE_VECTOR_CLONES void add_turned(const std::uint8_t* layer, double opacity, double* snow, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) snow[i] = (layer[i] / 255.0 + layer[count - 1 - i] / 255.0) * opacity;
}

class Snow final : public PublishedUnit {
  public:
    explicit Snow(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        const double angle_degrees = -135.0 + 90.0 * static_cast<double>(random.uniform(1));
        const Snowfall snowfall{values[0],     values[1], std::max(1.0, values[2]),
                                values[3],     values[4], values[5],
                                angle_degrees, values[6], values[7]};
        let_snow_fall(in, snowfall, random, out, scratch);
    }
};

}  // namespace

void let_snow_fall(const Image& in, const Snowfall& snowfall, const Random& random, Image& out, Scratch& scratch) {
    const std::size_t count = in.size() / static_cast<std::size_t>(in.channels);
    auto& flakes = scratch.bytes[0];
    auto& layer = scratch.bytes[1];
    flakes.resize(count);
    layer.resize(count);
    draw_flakes(in, snowfall, random, flakes.data(), scratch);
    apply_motion(flakes.data(), in.height, in.width, 1,
                 motion_taps(snowfall.radius, snowfall.sigma, snowfall.angle_degrees), layer.data(), scratch.floats[0]);
    auto& snow = scratch.doubles[0];
    snow.resize(count);
    add_turned(layer.data(), snowfall.opacity, snow.data(), count);
    shape_like(in, out);
    const auto lay_over = in.channels == 3 ? lay_over_colour : lay_over_grey;
    lay_over(in.pixels.data(), snowfall.mix, snow.data(), out.pixels.data(), count);
}

namespace units {
PerturbationEntry snow() { return {describe, make_unit<Snow>}; }
}  // namespace units

}  // namespace misfire
