// Turbulence of gradient noise mixed with the image (Perlin, "An Image Synthesizer", SIGGRAPH 1985).
#include <array>
#include <cmath>

#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/field_overlay.h"

namespace misfire {

namespace {

constexpr std::size_t lattice = 256;  // points after which the noise repeats

PerturbationInfo describe() {
    PerturbationInfo info = c_bar_info("perlin_noise", 6, "t twentieths of the picture are replaced by the noise",
                                       {4.6, 5.2, 5.8, 7.6, 8.8});
    info.summary = "grey billows of Perlin turbulence mixed with the picture";
    return info;
}

struct Gradients {
    std::array<std::size_t, 2 * lattice> permutation;
    std::array<float, lattice> along_y;
    std::array<float, lattice> along_x;
};

// Stream 0: two steps of -1..1 per gradient; stream 1: partners of a shuffle from the last place to the first.
Gradients draw_gradients(const Random& random) {
    std::array<std::int32_t, 2 * lattice> steps;
    std::array<std::int32_t, lattice> partners;
    random.integers(steps, -256, 256, 0);
    random.integers(partners, 0, lattice, 1);
    Gradients gradients;
    for (std::size_t i = 0; i < lattice; ++i) {
        const double y = steps[2 * i], x = steps[2 * i + 1];
        const double length = std::max(std::sqrt(y * y + x * x), 1.0);  // no direction: no slope
        gradients.along_y[i] = static_cast<float>(y / length);
        gradients.along_x[i] = static_cast<float>(x / length);
        gradients.permutation[i] = i;
    }
    for (std::size_t i = lattice; i-- > 0;)
        std::swap(gradients.permutation[i], gradients.permutation[static_cast<std::size_t>(partners[lattice - 1 - i])]);
    std::copy_n(gradients.permutation.begin(), lattice, gradients.permutation.begin() + lattice);
    return gradients;
}

float ease(float t) { return t * t * (3.0F - 2.0F * t); }

// Where the columns of the image lie between the points of the lattice of one octave.
struct Columns {
    std::int32_t* point;  // to the left
    float* offset;        // from it, 0..1
    float* weight;        // of the point to the right
    std::size_t points;   // the columns touch
};

Columns place_columns(std::size_t width, double spacing, Scratch& scratch) {
    scratch.integers.resize(width);
    scratch.floats[3].resize(2 * width);
    Columns columns{scratch.integers.data(), scratch.floats[3].data(), scratch.floats[3].data() + width, 0};
    for (std::size_t x = 0; x < width; ++x) {
        const double place = static_cast<double>(x) / spacing;
        const double whole = std::floor(place);
        columns.point[x] = static_cast<std::int32_t>(whole);
        columns.offset[x] = static_cast<float>(place - whole);
        columns.weight[x] = ease(columns.offset[x]);
    }
    columns.points = static_cast<std::size_t>(columns.point[width - 1]) + 2;
    return columns;
}

// Adds gain |noise| of one row. Between two rows of the lattice the noise near point k is level[k] + slope[k] times the
// distance from its column.
MISFIRE_VECTOR_CLONES void add_row(const std::int32_t* point, const float* offset, const float* weight,
                                   const float* level, const float* slope, float gain, float* out, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        const std::int32_t k = point[x];
        const float left = level[k] + offset[x] * slope[k];
        const float right = level[k + 1] + (offset[x] - 1.0F) * slope[k + 1];
        out[x] += gain * std::abs(left + weight[x] * (right - left));
    }
}

MISFIRE_VECTOR_CLONES void to_light(float* turbulence, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float light = 0.5F * turbulence[i] + 0.5F;
        turbulence[i] = light > 1.0F ? 1.0F : light;
    }
}

class PerlinNoise final : public PublishedUnit {
  public:
    explicit PerlinNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const Gradients gradients = draw_gradients(random);
        auto& field = scratch.floats[0];
        field.assign(in.size() / static_cast<std::size_t>(in.channels), 0.0F);
        for (int frequency = 1; frequency <= 16; frequency *= 2) add_octave(in, gradients, frequency, field, scratch);
        to_light(field.data(), field.size());
        const double share = strength(parameters(in, severity)[0], 0.5);
        shape_like(in, out);
        overlay_fields(in, same_for_all_channels(field.data()), 1.0 - share, 255.0 * share, out);
    }

  private:
    static void add_octave(const Image& in, const Gradients& gradients, int frequency, std::vector<float>& field,
                           Scratch& scratch) {
        // From point to point, px: 32 of 224 in the first octave.
        const double spacing = 32.0 * shorter_side(in) / 224.0 / frequency;
        const auto width = static_cast<std::size_t>(in.width);
        const Columns columns = place_columns(width, spacing, scratch);
        auto& levels = scratch.floats[1];
        auto& slopes = scratch.floats[2];
        levels.resize(columns.points);
        slopes.resize(columns.points);
        for (int y = 0; y < in.height; ++y) {
            blend_lattice_rows(gradients, y / spacing, columns.points, levels.data(), slopes.data());
            add_row(columns.point, columns.offset, columns.weight, levels.data(), slopes.data(),
                    1.5F / static_cast<float>(frequency), field.data() + static_cast<std::size_t>(y) * width, width);
        }
    }

    static void blend_lattice_rows(const Gradients& gradients, double place, std::size_t points, float* levels,
                                   float* slopes) {
        const double whole = std::floor(place);
        const auto row = static_cast<std::size_t>(whole);
        const auto below = static_cast<float>(place - whole);
        const float above = below - 1.0F;
        const float weight = ease(below);
        const std::size_t* upper = gradients.permutation.data() + gradients.permutation[row % lattice];
        const std::size_t* lower = gradients.permutation.data() + gradients.permutation[(row + 1) % lattice];
        for (std::size_t k = 0; k < points; ++k) {
            const std::size_t a = upper[k % lattice], b = lower[k % lattice];
            const float upper_level = below * gradients.along_y[a];
            const float lower_level = above * gradients.along_y[b];
            levels[k] = upper_level + weight * (lower_level - upper_level);
            slopes[k] = gradients.along_x[a] + weight * (gradients.along_x[b] - gradients.along_x[a]);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry perlin_noise() { return {describe, make_unit<PerlinNoise>}; }
}  // namespace units

}  // namespace misfire
