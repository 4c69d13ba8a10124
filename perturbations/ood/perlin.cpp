#include <cmath>
#include <numbers>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

constexpr int first_cells = 4;  // along the shorter side, in the first octave
constexpr int octaves = 3;
constexpr double gain = 1.6;  // so that the sum of the octaves fills most of -1..1

double weight_of(double t) { return t * t * t * (t * (t * 6.0 - 15.0) + 10.0); }

// Unit gradients at the corners of the cells.
struct Lattice {
    std::size_t columns;
    std::vector<double> along_x, along_y;
};

Lattice draw_lattice(std::size_t rows, std::size_t columns, const Random& random, std::uint32_t stream) {
    std::vector<float> turns(rows * columns);
    random.uniform(turns, stream);
    Lattice lattice{columns, {}, {}};
    for (const float turn : turns) {
        const double angle = 2.0 * std::numbers::pi * static_cast<double>(turn);
        lattice.along_x.push_back(std::cos(angle));
        lattice.along_y.push_back(std::sin(angle));
    }
    return lattice;
}

// In about -0.7..0.7.
double noise_at(const Lattice& lattice, double x, double y) {
    const double left = std::floor(x), top = std::floor(y);
    const double dx = x - left, dy = y - top;
    const std::size_t corner = static_cast<std::size_t>(top) * lattice.columns + static_cast<std::size_t>(left);
    const auto slope = [&](std::size_t at, double from_x, double from_y) {
        return lattice.along_x[at] * from_x + lattice.along_y[at] * from_y;
    };
    const double wx = weight_of(dx), wy = weight_of(dy);
    const double upper = slope(corner, dx, dy) * (1.0 - wx) + slope(corner + 1, dx - 1.0, dy) * wx;
    const std::size_t below = corner + lattice.columns;
    const double lower = slope(below, dx, dy - 1.0) * (1.0 - wx) + slope(below + 1, dx - 1.0, dy - 1.0) * wx;
    return upper * (1.0 - wy) + lower * wy;
}

// Adds one octave to a field of height x width.
void add_octave(const Image& shape, int cells, double amplitude, const Random& random, std::uint32_t stream,
                std::vector<double>& field) {
    const double spacing = static_cast<double>(std::min(shape.height, shape.width)) / cells;
    const auto corners = [&](int length) { return static_cast<std::size_t>((length - 1) / spacing) + 2; };
    const Lattice lattice = draw_lattice(corners(shape.height), corners(shape.width), random, stream);
    std::size_t i = 0;
    for (int y = 0; y < shape.height; ++y) {
        for (int x = 0; x < shape.width; ++x) field[i++] += amplitude * noise_at(lattice, x / spacing, y / spacing);
    }
}

class Perlin : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "perlin",
            .summary = "coloured clouds: three octaves of gradient noise, each channel its own",
            .distance = GeneratedSetInfo::Distance::far,
            .needs = GeneratedSetInfo::Needs::nothing,
            .severity_meaning = contrast_meaning,
            .reference =
                "Perlin, An image synthesizer, SIGGRAPH 1985; Improving noise, SIGGRAPH 2002 (the weight function)"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch& scratch) const override {
        shape_as(input.image, out);
        const auto channels = static_cast<std::size_t>(out.channels);
        std::vector<double>& field = scratch.doubles[0];
        for (std::size_t c = 0; c < channels; ++c) {
            field.assign(out.size() / channels, 0.0);
            for (int octave = 0; octave < octaves; ++octave) {
                const auto stream = static_cast<std::uint32_t>(c) * octaves + static_cast<std::uint32_t>(octave);
                add_octave(out, first_cells << octave, gain / (1 << octave), random, stream, field);
            }
            for (std::size_t i = 0; i < field.size(); ++i)
                out.pixels[i * channels + c] = about_grey(mid_grey * (1.0 + field[i]), contrast_at(severity));
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& perlin() {
    static const Perlin set;
    return set;
}
}  // namespace generated

}  // namespace misfire
