// Drops of water (levels 1 to 3) or splashes of mud (4 and 5) on the lens.
#include "perturbations/image/spatter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/gaussian_filter.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

std::vector<Parameter> published_parameters() {
    return {
        {.name = "mean",
         .unit = "1",
         .meaning = "mean of the normal field",
         .published = {{"32", {.62, .65, .65, .65, .65}},
                       {"64", {.62, .65, .65, .65, .65}},
                       {"224", {.65, .65, .65, .65, .67}},
                       {"299", {.65, .65, .65, .65, .67}}}},
        {.name = "std",
         .unit = "1",
         .meaning = "standard deviation of the normal field",
         .published = {{"32", {.1, .1, .3, .1, .1}},
                       {"64", {.1, .1, .3, .1, .1}},
                       {"224", {.3, .3, .3, .3, .4}},
                       {"299", {.3, .3, .3, .3, .4}}}},
        {.name = "sigma",
         .unit = "px",
         .meaning =
             "Gaussian that turns the field into drops; not scaled above 299 px, where it would smooth every drop away",
         .published = {{"32", {.7, .8, 1, .7, .5}},
                       {"64", {.7, .8, 1, .7, .5}},
                       {"224", {4, 3, 2, 1, 1}},
                       {"299", {4, 3.5, 3, 1.2, 1.2}}}},
        {.name = "threshold",
         .unit = "1",
         .meaning = "the smoothed field below this is dry",
         .published = {{"32", {.7, .7, .69, .69, .68}},
                       {"64", {.7, .7, .69, .68, .67}},
                       {"224", {.69, .68, .68, .65, .65}},
                       {"299", {.69, .68, .68, .65, .65}}}},
        {.name = "strength",
         .unit = "fraction of white (water), px (mud)",
         .meaning = "brightness of the water; Gaussian that rounds the mud",
         .identity = 0.0,
         .published = {{"32", {.5, .5, .5, .6, .6}},
                       {"64", {.6, .6, .6, .6, .6}},
                       {"224", {.6, .6, .5, 1.5, 1.5}},
                       {"299", {.9, .9, .8, 1.8, 1.8}}}},
        {.name = "mud",
         .unit = "0 or 1",
         .meaning = "mud instead of water",
         .whole = true,
         .published = {
             {"32", {0, 0, 0, 1, 1}}, {"64", {0, 0, 0, 1, 1}}, {"224", {0, 0, 0, 1, 1}}, {"299", {0, 0, 0, 1, 1}}}}};
}

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "spatter";
    info.summary = "water drops (levels 1 to 3) or mud (4 and 5) on the lens";
    info.category = "extra";
    info.published_order = 17;
    info.monotone = false;
    info.why_not_monotone =
        "two arms: up to level 3 bright water, from level 4 on dark mud, which covers fewer pixels at 32 px";
    info.second_arm_from = 4;
    info.parameters = published_parameters();
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

// RGB in the unit range; a grey image gets the ITU-R 601 luma.
using Colour = std::array<float, 3>;

Colour colour(double red, double green, double blue, int channels) {
    if (channels == 1) red = green = blue = 0.299 * red + 0.587 * green + 0.114 * blue;
    return {static_cast<float>(red / 255.0), static_cast<float>(green / 255.0), static_cast<float>(blue / 255.0)};
}

[[gnu::always_inline]] inline std::uint8_t cut(float x) {
    const float clipped = x < 0.0F ? 0.0F : (x > 1.0F ? 1.0F : x);
    return static_cast<std::uint8_t>(static_cast<int>(clipped * 255.0F));
}

// x keep(m) + m colour, in single precision as published; water adds to the picture, mud replaces it.
template <std::size_t channels, bool mud>
[[gnu::always_inline]] inline void lay_over(const std::uint8_t* in, const float* m, const Colour& tint,
                                            std::uint8_t* out, std::size_t pixels) {
    const float colours[3] = {tint[0], tint[1], tint[2]};
    for (std::size_t i = 0; i < pixels; ++i) {
        const float keep = mud ? 1.0F - m[i] : 1.0F;
        for (std::size_t c = 0; c < channels; ++c) {
            const float x = static_cast<float>(in[channels * i + c]) / 255.0F;
            out[channels * i + c] = cut(x * keep + m[i] * colours[c]);
        }
    }
}

MISFIRE_VECTOR_CLONES void lay_water(const std::uint8_t* in, int channels, const float* m, const Colour& tint,
                                     std::uint8_t* out, std::size_t pixels) {
    if (channels == 3) {
        lay_over<3, false>(in, m, tint, out, pixels);
    } else {
        lay_over<1, false>(in, m, tint, out, pixels);
    }
}

MISFIRE_VECTOR_CLONES void lay_mud(const std::uint8_t* in, int channels, const float* m, const Colour& tint,
                                   std::uint8_t* out, std::size_t pixels) {
    if (channels == 3) {
        lay_over<3, true>(in, m, tint, out, pixels);
    } else {
        lay_over<1, true>(in, m, tint, out, pixels);
    }
}

MISFIRE_VECTOR_CLONES int largest_product(const std::uint8_t* a, const std::uint8_t* b, std::size_t count) {
    int largest = 0;
    for (std::size_t i = 0; i < count; ++i) largest = a[i] * b[i] > largest ? a[i] * b[i] : largest;
    return largest;
}

MISFIRE_VECTOR_CLONES void to_strength(const std::uint8_t* a, const std::uint8_t* b, float largest, float strength,
                                       float* m, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) m[i] = static_cast<float>(a[i] * b[i]) / largest * strength;
}

MISFIRE_VECTOR_CLONES void to_field(const float* normal, double mean, double deviation, double* field,
                                    std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) field[i] = mean + deviation * static_cast<double>(normal[i]);
}

// The field above the threshold as 8 bits. Values above white wrap around, as the cast of the original does.
MISFIRE_VECTOR_CLONES void to_liquid(const double* field, double threshold, std::uint8_t* liquid, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const double kept = field[i] < threshold ? 0.0 : field[i];
        liquid[i] = static_cast<std::uint8_t>(static_cast<int>(kept * 255.0) & 255);
    }
}

// How light falls through the drops: distance from their rims, equalised and embossed.
cv::Mat relief(const cv::Mat& liquid) {
    cv::Mat edges, distance, shade, embossed, smooth;
    cv::Canny(liquid, edges, 50, 150);
    cv::bitwise_not(edges, edges);
    cv::distanceTransform(edges, distance, cv::DIST_L2, 5);
    cv::threshold(distance, distance, 20, 20, cv::THRESH_TRUNC);
    cv::blur(distance, distance, cv::Size(3, 3));
    shade.create(distance.size(), CV_8U);
    for (int y = 0; y < distance.rows; ++y) {
        const float* from = distance.ptr<float>(y);
        auto* to = shade.ptr<std::uint8_t>(y);
        for (int x = 0; x < distance.cols; ++x) to[x] = static_cast<std::uint8_t>(static_cast<int>(from[x]));
    }
    cv::equalizeHist(shade, shade);
    const cv::Matx33f emboss(-2, -1, 0, -1, 1, 1, 0, 1, 2);
    cv::filter2D(shade, embossed, CV_8U, emboss);
    cv::blur(embossed, smooth, cv::Size(3, 3));
    return smooth;
}

class Spatter final : public PublishedUnit {
  public:
    explicit Spatter(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        const std::size_t count = in.size() / static_cast<std::size_t>(in.channels);
        auto& normal = scratch.floats[0];
        auto& field = scratch.doubles[0];
        normal.resize(count);
        field.resize(count);
        random.normal(normal, 0);
        to_field(normal.data(), values[0], values[1], field.data(), count);
        gaussian_filter(field.data(), in.height, in.width, 1, values[2], 4.0, Border::nearest, scratch.doubles[1]);
        shape_like(in, out);
        if (values[5] == 0.0) {
            lay_water_over(in, field, values[3], values[4], out, scratch);
        } else {
            mud(in, values, field, out, scratch);
        }
    }

  private:
    static void mud(const Image& in, const ParameterValues& values, std::vector<double>& field, Image& out,
                    Scratch& scratch) {
        for (double& value : field) value = value > values[3] ? 1.0 : 0.0;
        gaussian_filter(field.data(), in.height, in.width, 1, values[4], 4.0, Border::nearest, scratch.doubles[1]);
        auto& m = scratch.floats[0];
        for (std::size_t i = 0; i < field.size(); ++i) {
            const auto value = static_cast<float>(field[i]);
            m[i] = value < 0.8F ? 0.0F : value;
        }
        lay_mud(in.pixels.data(), in.channels, m.data(), colour(63, 42, 20, in.channels), out.pixels.data(),
                field.size());
    }
};

}  // namespace

void lay_water_over(const Image& in, const std::vector<double>& field, double threshold, double strength, Image& out,
                    Scratch& scratch) {
    shape_like(in, out);
    auto& liquid = scratch.bytes[0];
    liquid.resize(field.size());
    to_liquid(field.data(), threshold, liquid.data(), field.size());
    const cv::Mat shade = relief(cv::Mat(in.height, in.width, CV_8U, liquid.data()));
    auto& m = scratch.floats[0];
    m.resize(field.size());
    const int largest = largest_product(liquid.data(), shade.data, field.size());
    if (largest == 0) {  // a dry lens: the original divides 0 by 0
        out.pixels = in.pixels;
        return;
    }
    to_strength(liquid.data(), shade.data, static_cast<float>(largest), static_cast<float>(strength), m.data(),
                field.size());
    lay_water(in.pixels.data(), in.channels, m.data(), colour(175, 238, 238, in.channels), out.pixels.data(),
              field.size());
}

namespace units {
PerturbationEntry spatter() { return {describe, make_unit<Spatter>}; }
}  // namespace units

}  // namespace misfire
