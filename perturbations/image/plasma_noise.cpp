// Colourful plasma by iterated domain warping, mixed with the image.
#include <cmath>
#include <numbers>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/elementary_functions.h"
#include "perturbations/image/field_overlay.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info =
        c_bar_info("plasma_noise", 7, "6.4 t grey levels of plasma replace as much of the picture's contrast",
                   {4.75, 7, 8.5, 9.25, 10});
    info.summary = "folded sheets of coloured plasma mixed with the picture";
    return info;
}

struct PlasmaDraw {
    float time;
    int iterations;
    float sharpness;
    double scale;  // px
};

// One fold: the point moves along a wave of itself.
MISFIRE_VECTOR_CLONES void fold(float* xs, float* ys, float frequency, float phase, float divisor, std::size_t count) {
    constexpr auto quarter = static_cast<float>(std::numbers::pi / 2.0);
    for (std::size_t i = 0; i < count; ++i) {
        const float along_x = sine(ys[i] * frequency + (phase + quarter)) / divisor;
        const float along_y = sine(xs[i] * frequency + phase) / divisor;
        xs[i] += along_x - 0.3F * along_y;
        ys[i] += along_y + 0.3F * along_x;
    }
}

MISFIRE_VECTOR_CLONES void colours(const float* xs, const float* ys, float time, float sine_of_time, float* red,
                                   float* green, float* blue, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        red[i] = sine(xs[i] - time);
        green[i] = sine((xs[i] + ys[i] + sine_of_time) * 0.5F);
        blue[i] = sine(ys[i] + time);
    }
}

// ITU-R 601 luma into `red`.
MISFIRE_VECTOR_CLONES void to_grey(float* red, const float* green, const float* blue, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) red[i] = 0.299F * red[i] + 0.587F * green[i] + 0.114F * blue[i];
}

class PlasmaNoise final : public PublishedUnit {
  public:
    explicit PlasmaNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const std::size_t pixels = in.size() / static_cast<std::size_t>(in.channels);
        for (int c = 0; c < 3; ++c) scratch.floats[c].resize(pixels);
        const auto width = static_cast<std::size_t>(in.width);
        const PlasmaDraw draw = drawn(in, random);
        for (int y = 0; y < in.height; ++y) plasma_row(draw, y, static_cast<std::size_t>(y) * width, width, scratch);
        ChannelFields fields;
        for (std::size_t c = 0; c < 3; ++c) fields[c] = scratch.floats[c].data();
        if (in.channels == 1) to_grey(scratch.floats[0].data(), fields[1], fields[2], pixels);
        const double gain = strength(parameters(in, severity)[0], 64.0);
        shape_like(in, out);
        overlay_fields(in, fields, 1.0 - gain / 255.0, gain, out);
    }

  private:
    static PlasmaDraw drawn(const Image& in, const Random& random) {
        float u[3];
        std::int32_t iterations[1];
        random.uniform(u, 0);
        random.integers(iterations, 4, 7, 1);
        const auto unit = [&](int i) { return static_cast<double>(u[i]); };
        return {static_cast<float>(6.0 * std::numbers::pi * unit(0)), iterations[0],
                static_cast<float>(0.5 + 0.5 * unit(1)), (0.075 + 0.125 * unit(2)) * shorter_side(in)};
    }

    static void plasma_row(const PlasmaDraw& draw, int y, std::size_t first, std::size_t width, Scratch& scratch) {
        auto& points = scratch.floats[3];
        points.resize(2 * width);
        float* xs = points.data();
        float* ys = xs + width;
        for (std::size_t x = 0; x < width; ++x) {
            xs[x] = static_cast<float>(static_cast<double>(x) / draw.scale);
            ys[x] = static_cast<float>(y / draw.scale);
        }
        float frequency = 1.0F, slowness = 1.0F, divisor = 1.0F;
        for (int i = 0; i < draw.iterations; ++i) {
            fold(xs, ys, frequency, draw.time / slowness, divisor, width);
            frequency *= 1.93F;
            slowness *= 1.15F;
            divisor *= 2.25F - draw.sharpness;
        }
        colours(xs, ys, draw.time, std::sin(draw.time), scratch.floats[0].data() + first,
                scratch.floats[1].data() + first, scratch.floats[2].data() + first, width);
    }
};

}  // namespace

namespace units {
PerturbationEntry plasma_noise() { return {describe, make_unit<PlasmaNoise>}; }
}  // namespace units

}  // namespace misfire
