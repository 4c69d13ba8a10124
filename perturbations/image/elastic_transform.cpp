// A random affine map, then displacement along two smoothed uniform fields.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/gaussian_filter.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "elastic_transform";
    info.summary = "rubber sheet: a random affine map and, from level 2 or 3 on, local displacements";
    info.category = "digital";
    info.groups = {"imagenet-c"};
    info.published_order = 12;
    info.monotone = false;
    info.why_not_monotone =
        "the published sets trade affine jitter for local displacement (224 px: level 2 moves pixels farther than "
        "level 3)";
    info.parameters = {{.name = "alpha",
                        .unit = "px",
                        .meaning = "factor of the smoothed field of -1..1",
                        .scales_with_side = true,
                        .identity = 0.0,
                        .published = {{"32", {0, 1.6, 2.56, 3.2, 3.2}},
                                      {"64", {0, 3.2, 6.4, 6.4, 10.24}},
                                      {"224", {488, 488, 12.2, 17.08, 29.28}},
                                      {"299", {720, 720, 18, 25.2, 43.2}}}},
                       {.name = "sigma",
                        .unit = "px",
                        .meaning = "standard deviation of the Gaussian that smooths the field",
                        .scales_with_side = true,
                        .published = {{"32", {0, 6.4, 1.92, 1.28, .96}},
                                      {"64", {0, 19.2, 5.12, 1.92, 1.92}},
                                      {"224", {170.8, 19.52, 2.44, 2.44, 2.44}},
                                      {"299", {252, 28.8, 3.6, 3.6, 3.6}}}},
                       {.name = "jitter",
                        .unit = "px",
                        .meaning = "each coordinate of the three points of the affine map moves by up to this",
                        .scales_with_side = true,
                        .identity = 0.0,
                        .published = {{"32", {2.56, 2.24, 1.92, 1.6, .96}},
                                      {"64", {5.12, 3.84, 3.84, 1.92, 1.28}},
                                      {"224", {24.4, 48.8, 4.88, 4.88, 4.88}},
                                      {"299", {36, 72, 7.2, 7.2, 7.2}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = std::string(imagenet_c_reference) + "; Simard, Steinkraus and Platt, ICDAR 2003";
    return info;
}

constexpr std::uint32_t jitter_stream = 0;
constexpr std::uint32_t dx_stream = 1;
constexpr std::uint32_t dy_stream = 2;

cv::Mat affine_map(const Image& image, double jitter, const Random& random) {
    const auto x = static_cast<float>(image.width / 2);
    const auto y = static_cast<float>(image.height / 2);
    const auto s = static_cast<float>(std::min(image.height, image.width) / 3);
    const cv::Point2f from[3] = {{x + s, y + s}, {x + s, y - s}, {x - s, y - s}};
    float u[6];
    random.uniform(u, jitter_stream);
    cv::Point2f to[3];
    for (std::size_t i = 0; i < 3; ++i) {
        to[i].x = from[i].x + static_cast<float>(-jitter + 2.0 * jitter * static_cast<double>(u[2 * i]));
        to[i].y = from[i].y + static_cast<float>(-jitter + 2.0 * jitter * static_cast<double>(u[2 * i + 1]));
    }
    return cv::getAffineTransform(from, to);
}

MISFIRE_VECTOR_CLONES void to_unit_floats(const std::uint8_t* in, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(in[i]) / 255.0F;
}

MISFIRE_VECTOR_CLONES void spread(const float* uniform, double* field, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) field[i] = -1.0 + 2.0 * static_cast<double>(uniform[i]);
}

// Position in [-1/2, size - 1/2] of a coordinate continued by half-sample reflection.
double reflect(double position, double size) {
    const double period = 2.0 * size;
    double shifted = position + 0.5;
    if (std::abs(shifted) >= period) shifted = std::fmod(shifted, period);
    if (shifted < 0.0) shifted += period;
    if (shifted > size) shifted = period - shifted;
    return shifted - 0.5;
}

// Where one row samples: whole pixels to the left and above, and the way from there to the next.
struct RowSamples {
    std::vector<std::int32_t> left, top;
    std::vector<double> across, down;
};

// Coordinates first + i * step + shift[i], those outside brought back in. Displacements are stored in single precision
// by the original, coordinates in double.
MISFIRE_VECTOR_CLONES bool place_inside(const double* field, double alpha, double first, double step, int size,
                                        std::int32_t* whole, double* rest, std::size_t count) {
    int outside = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double shift = static_cast<double>(static_cast<float>(field[i] * alpha));
        const double position = first + static_cast<double>(static_cast<int>(i)) * step + shift;
        const int low = static_cast<int>(position);
        whole[i] = low;
        rest[i] = position - static_cast<double>(low);
        outside += position < 0.0 || position >= static_cast<double>(size - 1) ? 1 : 0;
    }
    return outside == 0;
}

void place(const double* field, double alpha, double first, double step, int size, std::vector<std::int32_t>& whole,
           std::vector<double>& rest) {
    if (place_inside(field, alpha, first, step, size, whole.data(), rest.data(), whole.size())) return;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const double shift = static_cast<double>(static_cast<float>(field[i] * alpha));
        const double given = first + static_cast<double>(i) * step + shift;
        if (given >= 0.0 && given < size - 1) continue;
        const double position = reflect(given, size);
        const double low = std::floor(position);
        // Beyond the outermost centres both neighbours are the same pixel.
        const bool on_rim = low < 0.0 || low >= size - 1;
        whole[i] = static_cast<std::int32_t>(on_rim ? (low < 0.0 ? 0 : size - 2) : static_cast<int>(low));
        rest[i] = on_rim ? (low < 0.0 ? 0.0 : 1.0) : position - low;
    }
}

template <std::size_t channels>
void sample_row(const float* picture, std::size_t width, const RowSamples& samples, std::uint8_t* out) {
    for (std::size_t x = 0; x < width; ++x) {
        const float* upper =
            picture +
            (static_cast<std::size_t>(samples.top[x]) * width + static_cast<std::size_t>(samples.left[x])) * channels;
        const float* lower = upper + width * channels;
        const double right = samples.across[x], left = 1.0 - right, bottom = samples.down[x], top = 1.0 - bottom;
        const double weights[4] = {top * left, top * right, bottom * left, bottom * right};
        for (std::size_t c = 0; c < channels; ++c) {
            const double value =
                static_cast<double>(upper[c]) * weights[0] + static_cast<double>(upper[channels + c]) * weights[1] +
                static_cast<double>(lower[c]) * weights[2] + static_cast<double>(lower[channels + c]) * weights[3];
            const float single = static_cast<float>(value);
            const float clipped = single < 0.0F ? 0.0F : (single > 1.0F ? 1.0F : single);
            out[channels * x + c] = static_cast<std::uint8_t>(static_cast<int>(clipped * 255.0F));
        }
    }
}

template <std::size_t channels>
void displace(const float* picture, const Image& shape, const double* dx, const double* dy, double alpha,
              std::uint8_t* out) {
    const auto width = static_cast<std::size_t>(shape.width);
    RowSamples samples;
    samples.left.resize(width);
    samples.top.resize(width);
    samples.across.resize(width);
    samples.down.resize(width);
    for (std::size_t y = 0; y < static_cast<std::size_t>(shape.height); ++y) {
        place(dx + y * width, alpha, 0.0, 1.0, shape.width, samples.left, samples.across);
        place(dy + y * width, alpha, static_cast<double>(y), 0.0, shape.height, samples.top, samples.down);
        sample_row<channels>(picture, width, samples, out + y * width * channels);
    }
}

class ElasticTransform final : public PublishedUnit {
  public:
    explicit ElasticTransform(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        const double alpha = values[0], sigma = values[1];
        scratch.floats[0].resize(in.size());
        scratch.floats[1].resize(in.size());
        to_unit_floats(in.pixels.data(), scratch.floats[0].data(), in.size());
        const cv::Mat picture(in.height, in.width, CV_32FC(in.channels), scratch.floats[0].data());
        cv::Mat warped(in.height, in.width, CV_32FC(in.channels), scratch.floats[1].data());
        cv::warpAffine(picture, warped, affine_map(in, values[2], random), warped.size(), cv::INTER_LINEAR,
                       cv::BORDER_REFLECT_101);
        auto& dx = scratch.doubles[0];
        auto& dy = scratch.doubles[1];
        draw_field(in, sigma, random, dx_stream, dx, scratch);
        draw_field(in, sigma, random, dy_stream, dy, scratch);
        shape_like(in, out);
        const auto move = in.channels == 3 ? displace<3> : displace<1>;
        move(scratch.floats[1].data(), in, dx.data(), dy.data(), alpha, out.pixels.data());
    }

  private:
    static void draw_field(const Image& shape, double sigma, const Random& random, std::uint32_t stream,
                           std::vector<double>& field, Scratch& scratch) {
        const std::size_t count = shape.size() / static_cast<std::size_t>(shape.channels);
        auto& uniform = scratch.floats[2];
        uniform.resize(count);
        field.resize(count);
        random.uniform(uniform, stream);
        spread(uniform.data(), field.data(), count);
        gaussian_filter(field.data(), shape.height, shape.width, 1, sigma, 3.0, Border::reflect, scratch.doubles[2]);
    }
};

}  // namespace

namespace units {
PerturbationEntry elastic_transform() { return {describe, make_unit<ElasticTransform>}; }
}  // namespace units

}  // namespace misfire
