// A weighted mean of the picture turned by 21 angles about its centre: a camera that rolls while the shutter is open.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/cifar_c_bar.h"
#include "perturbations/image/cubic_spline.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "circular_motion_blur";
    info.summary = "camera that rolls while the shutter is open: blur along circles, dark corners";
    info.category = "c-bar";
    info.groups = {"cifar-c-bar"};
    info.published_order = 114;
    info.parameters = {cifar_c_bar_strength({2.8, 3.6, 4.4, 5.2, 6}),
                       cifar_c_bar_error_share("the rim, half of which any rotation turns out of the picture")};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = std::string(cifar_c_bar_reference) + "; scipy.ndimage.rotate of order 3";
    return info;
}

constexpr double degree = 3.14159265358979323846 / 180.0;
constexpr double largest_angle = 15.0;  // degrees
constexpr int turns = 21;

// Coefficients of the picture's spline in pixels of `lanes` floats, with a rim of one sample before and two after.
struct Spline {
    const float* origin = nullptr;  // of sample (0, 0)
    std::size_t pitch = 0;
    int height = 0, width = 0;
};

template <std::size_t channels>
constexpr std::size_t lanes_of = channels == 1 ? 1 : 4;

template <std::size_t channels>
Spline make_spline(const Image& in, std::vector<float>& buffer) {
    constexpr std::size_t lanes = lanes_of<channels>;
    const auto height = static_cast<std::size_t>(in.height), width = static_cast<std::size_t>(in.width);
    const std::size_t pitch = (width + 3) * lanes;
    buffer.assign((height + 3) * pitch, 0.0F);
    float* origin = buffer.data() + pitch + lanes;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            for (std::size_t c = 0; c < channels; ++c)
                origin[y * pitch + x * lanes + c] = in.pixels[(y * width + x) * channels + c];
        }
    }
    cubic_spline_coefficients(origin, height, width, lanes, pitch);
    for (std::size_t y = 0; y < height; ++y) {
        float* row = origin + y * pitch;
        std::copy_n(row + lanes, lanes, row - lanes);
        std::copy_n(row + (width - 2) * lanes, lanes, row + width * lanes);
        std::copy_n(row + (width - 3) * lanes, lanes, row + (width + 1) * lanes);
    }
    float* first = buffer.data();
    std::copy_n(first + 2 * pitch, pitch, first);
    std::copy_n(first + (height - 1) * pitch, pitch, first + (height + 1) * pitch);
    std::copy_n(first + (height - 2) * pitch, pitch, first + (height + 2) * pitch);
    return {origin, pitch, in.height, in.width};
}

struct Turn {
    double cosine, sine;
    float share;  // all of them sum to 1
};

// Where a run of pixels of the turned picture comes from: the first of their 4 x 4 coefficients, in floats from the
// spline's origin, and the weights of those downwards and to the right. The latter are 0 for what comes from outside
// the picture.
struct Run {
    static constexpr std::size_t length = 64;  // px
    std::int32_t first[length];
    float down[4][length], right[4][length];
};

// The weights of cubic_spline_weights() in single precision, times `factor`.
[[gnu::always_inline]] inline void spline_weights(float fraction, float factor, float (&to)[4][Run::length],
                                                  std::size_t i) {
    const float rest = 1.0F - fraction;
    to[0][i] = factor * (rest * rest * rest * (1.0F / 6.0F));
    to[1][i] = factor * (fraction * fraction * (fraction - 2.0F) * 0.5F + (2.0F / 3.0F));
    to[2][i] = factor * (rest * rest * (rest - 2.0F) * 0.5F + (2.0F / 3.0F));
    to[3][i] = factor * (fraction * fraction * fraction * (1.0F / 6.0F));
}

// Pixels (y, x) and on; those beyond the row's end come out somewhere inside.
[[gnu::always_inline]] inline void place_run(const Spline& spline, const Turn& turn, int y, int x, int lanes,
                                             Run& run) {
    const double cosine = turn.cosine, sine = turn.sine;
    const double bottom = spline.height - 1, end = spline.width - 1;
    const double middle_row = bottom / 2.0, middle_column = end / 2.0, from_middle = y - middle_row;
    const float share = turn.share;
    const auto pitch = static_cast<std::int32_t>(spline.pitch);
    for (std::size_t i = 0; i < Run::length; ++i) {
        const double across = (x + static_cast<int>(i)) - middle_column;
        const double row = cosine * from_middle + sine * across + middle_row;
        const double column = -sine * from_middle + cosine * across + middle_column;
        const double kept_row = row > 0.0 ? (row < bottom ? row : bottom) : 0.0;
        const double kept_column = column > 0.0 ? (column < end ? column : end) : 0.0;
        // a coordinate that had to be moved inside lies outside
        const double moved = std::fabs(kept_row - row) + std::fabs(kept_column - column);
        const int top = static_cast<int>(kept_row), left = static_cast<int>(kept_column);
        run.first[i] = (top - 1) * pitch + (left - 1) * lanes;
        spline_weights(static_cast<float>(kept_row - top), 1.0F, run.down, i);
        spline_weights(static_cast<float>(kept_column - left), moved > 0.0 ? 0.0F : share, run.right, i);
    }
}

// Adds the first `count` pixels of the run to `sum`, of `lanes` floats a pixel.
template <std::size_t lanes>
[[gnu::always_inline]] inline void add_run(const Spline& spline, const Run& run, std::size_t count,
                                           float* __restrict sum) {
    for (std::size_t x = 0; x < count; ++x, sum += lanes) {
        const float* c0 = spline.origin + run.first[x];
        const float *c1 = c0 + spline.pitch, *c2 = c1 + spline.pitch, *c3 = c2 + spline.pitch;
        const float d0 = run.down[0][x], d1 = run.down[1][x], d2 = run.down[2][x], d3 = run.down[3][x];
        for (std::size_t l = 0; l < lanes; ++l) {
            float added = 0.0F;
            for (std::size_t k = 0; k < 4; ++k) {
                const std::size_t i = k * lanes + l;
                added += run.right[k][x] * ((d0 * c0[i] + d1 * c1[i]) + (d2 * c2[i] + d3 * c3[i]));
            }
            sum[l] += added;
        }
    }
}

template <std::size_t lanes>
[[gnu::always_inline]] inline void add_row(const Spline& spline, const std::array<Turn, turns>& list, int y,
                                           float* sum) {
    Run run;
    for (int x = 0; x < spline.width; x += static_cast<int>(Run::length)) {
        const std::size_t count = std::min(Run::length, static_cast<std::size_t>(spline.width - x));
        for (const Turn& turn : list) {
            place_run(spline, turn, y, x, static_cast<int>(lanes), run);
            add_run<lanes>(spline, run, count, sum + static_cast<std::size_t>(x) * lanes);
        }
    }
}

MISFIRE_VECTOR_CLONES void add_colour_row(const Spline& spline, const std::array<Turn, turns>& list, int y,
                                          float* sum) {
    add_row<4>(spline, list, y, sum);
}

MISFIRE_VECTOR_CLONES void add_grey_row(const Spline& spline, const std::array<Turn, turns>& list, int y, float* sum) {
    add_row<1>(spline, list, y, sum);
}

std::array<Turn, turns> turns_up_to(double degrees) {
    std::array<Turn, turns> list{};
    double total = 0.0;
    for (int i = 0; i < turns; ++i) {
        const double place = 2.0 * i / (turns - 1) - 1.0;
        total += std::exp(-2.0 * place * place);
    }
    for (int i = 0; i < turns; ++i) {
        const double place = 2.0 * i / (turns - 1) - 1.0;
        const double angle = place * degrees * degree;
        list[static_cast<std::size_t>(i)] = {std::cos(angle), std::sin(angle),
                                             static_cast<float>(std::exp(-2.0 * place * place) / total)};
    }
    return list;
}

template <std::size_t channels>
void blur(const Image& in, double degrees, double kept, Image& out, Scratch& scratch) {
    constexpr std::size_t lanes = lanes_of<channels>;
    const Spline spline = make_spline<channels>(in, scratch.floats[0]);
    const auto list = turns_up_to(degrees);
    const auto width = static_cast<std::size_t>(in.width);
    auto& sum = scratch.floats[1];
    for (int y = 0; y < in.height; ++y) {
        sum.assign(width * lanes, 0.0F);
        (channels == 1 ? add_grey_row : add_colour_row)(spline, list, y, sum.data());
        const std::size_t begin = static_cast<std::size_t>(y) * width * channels;
        for (std::size_t x = 0; x < width; ++x) {
            for (std::size_t c = 0; c < channels; ++c) {
                const std::size_t i = begin + x * channels + c;
                const auto clean = static_cast<double>(in.pixels[i]);
                const double blurred = static_cast<double>(sum[x * lanes + c]);
                // sums of exact levels come out a rounding error too low; half a thousandth brings them over the edge
                out.pixels[i] =
                    static_cast<std::uint8_t>(std::clamp(clean + kept * (blurred - clean) + 5e-4, 0.0, 255.0));
            }
        }
    }
}

class CircularMotionBlur final : public PublishedUnit {
  public:
    explicit CircularMotionBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        shape_like(in, out);
        const auto apply_blur = in.channels == 3 ? blur<3> : blur<1>;
        apply_blur(in, values[0] * largest_angle / 10.0, values[1], out, scratch);
    }
};

}  // namespace

namespace units {
PerturbationEntry circular_motion_blur() { return {describe, make_unit<CircularMotionBlur>}; }
}  // namespace units

}  // namespace misfire
