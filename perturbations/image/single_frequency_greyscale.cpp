// A plane wave of one frequency added to all channels.
#include <cmath>
#include <numbers>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/field_overlay.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info =
        c_bar_info("single_frequency_greyscale", 8, "amplitude of the wave is 19.6 t grey levels", {1, 1.5, 2, 4.5, 5});
    info.summary =
        "a grey plane wave of one random direction and frequency laid over the picture (moire, interference)";
    return info;
}

// sin(a + b) for a row from the sines and cosines of both.
MISFIRE_VECTOR_CLONES void wave_row(const double* sine, const double* cosine, double row_sine, double row_cosine,
                                    float* out, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) out[x] = static_cast<float>(sine[x] * row_cosine + cosine[x] * row_sine);
}

class SingleFrequencyGreyscale final : public PublishedUnit {
  public:
    explicit SingleFrequencyGreyscale(const Options& given) : PublishedUnit(describe(), given) {}

    // Frequencies are radians per pixel at every size.
    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        constexpr double pi = std::numbers::pi;
        float u[4];
        random.uniform(u, 0);
        const double first = pi * (2.0 * static_cast<double>(u[0]) - 1.0);
        const double second = std::abs(first) * (2.0 * static_cast<double>(u[1]) - 1.0);
        const bool swapped = u[2] < 0.5F;
        const double phase = 2.0 * pi * static_cast<double>(u[3]);
        const float* field = wave(in, swapped ? second : first, swapped ? first : second, phase, scratch);
        shape_like(in, out);
        overlay_fields(in, same_for_all_channels(field), 1.0, strength(parameters(in, severity)[0], 196.0), out);
    }

  private:
    static const float* wave(const Image& in, double per_column, double per_row, double phase, Scratch& scratch) {
        const auto height = static_cast<std::size_t>(in.height);
        const auto width = static_cast<std::size_t>(in.width);
        auto& sine = scratch.doubles[0];
        auto& cosine = scratch.doubles[1];
        auto& field = scratch.floats[0];
        sine.resize(width);
        cosine.resize(width);
        field.resize(height * width);
        for (std::size_t x = 0; x < width; ++x) {
            sine[x] = std::sin(static_cast<double>(x) * per_column + phase);
            cosine[x] = std::cos(static_cast<double>(x) * per_column + phase);
        }
        for (std::size_t y = 0; y < height; ++y) {
            const double angle = static_cast<double>(y) * per_row;
            wave_row(sine.data(), cosine.data(), std::sin(angle), std::cos(angle), field.data() + y * width, width);
        }
        return field.data();
    }
};

}  // namespace

namespace units {
PerturbationEntry single_frequency_greyscale() { return {describe, make_unit<SingleFrequencyGreyscale>}; }
}  // namespace units

}  // namespace misfire
