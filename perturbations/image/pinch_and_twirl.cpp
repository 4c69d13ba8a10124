// The picture is cut into square cells; the disk in each of them is pinched and twirled one way or the other.
#include <algorithm>
#include <cmath>
#include <vector>

#include "perturbations/image/bilinear_black.h"
#include "perturbations/image/cifar_c_bar.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "pinch_and_twirl";
    info.summary = "a grid of whirls: in each cell the picture is pinched and twisted, left or right at random";
    info.category = "c-bar";
    info.groups = {"cifar-c-bar"};
    info.published_order = 111;
    info.parameters = {cifar_c_bar_strength({5.5, 6, 6.5, 8.5, 10}),
                       {.name = "pinch_at_zero",
                        .unit = "1",
                        .meaning = "part of the pinch's exponent that does not depend on t",
                        .identity = 0.0,
                        .published = {{"32", {.1, .1, .1, .1, .1}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = cifar_c_bar_reference;
    return info;
}

constexpr std::uint32_t way_stream = 0;  // per cell, column by column: 0 twirls one way, 1 the other

constexpr double pi = 3.14159265358979323846;
constexpr double largest_pinch = 0.4;
constexpr double largest_twirl = pi / 2.0;

// Published: 3 cells along each side of 32 px and 5 along 224 px.
int cells_along(int side) { return side >= 224 ? 5 : 3; }

struct Shift {
    double row, column;  // from the centre of the cell to where the pixel is taken from
    bool moved;
};

// For each pixel of a cell, row by row.
std::vector<Shift> whirl(int cell, double pinch, double twirl) {
    const double radius = cell / 2.0;
    std::vector<Shift> shifts;
    shifts.reserve(static_cast<std::size_t>(cell) * static_cast<std::size_t>(cell));
    for (int y = 0; y < cell; ++y) {
        for (int x = 0; x < cell; ++x) {
            const double down = y - radius, right = x - radius;
            const double distance = std::sqrt(down * down + right * right);
            if (distance > radius || distance < 0.0005) {
                shifts.push_back({0.0, 0.0, false});
                continue;
            }
            const double share = distance / radius;
            const double factor = std::pow(std::sin(pi * 0.5 * share), -pinch);
            const double angle = twirl * (1.0 - share) * (1.0 - share);
            const double c = std::cos(angle), s = std::sin(angle);
            shifts.push_back({down * factor * c - right * factor * s, down * factor * s + right * factor * c, true});
        }
    }
    return shifts;
}

template <std::size_t channels>
void whirl_cell(const Image& in, int top, int left, int cell, const std::vector<Shift>& shifts, Image& out) {
    const std::size_t stride = static_cast<std::size_t>(in.width) * channels;
    const double radius = cell / 2.0;
    auto shift = shifts.begin();
    for (int y = top; y < top + cell; ++y) {
        std::uint8_t* pixel =
            out.pixels.data() + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(left) * channels;
        for (int x = 0; x < cell; ++x, ++shift, pixel += channels) {
            if (!shift->moved) continue;
            sample_black<channels>(in.pixels.data(), stride, bilinear_tap(top + radius + shift->row, in.height),
                                   bilinear_tap(left + radius + shift->column, in.width), pixel);
        }
    }
}

class PinchAndTwirl final : public PublishedUnit {
  public:
    explicit PinchAndTwirl(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        const int side = std::min(in.height, in.width);
        const int cell = side / cells_along(side);
        const double pinch = values[0] * largest_pinch / 10.0 + values[1], twirl = values[0] * largest_twirl / 10.0;
        const std::vector<Shift> ways[2] = {whirl(cell, pinch, twirl), whirl(cell, pinch, -twirl)};
        const int rows = in.height / cell, columns = in.width / cell;
        auto& drawn = scratch.integers;
        drawn.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
        random.integers(drawn, 0, 2, way_stream);
        out = in;
        auto way = drawn.begin();
        for (int i = 0; i < columns; ++i) {
            for (int j = 0; j < rows; ++j, ++way) {
                const auto apply_cell = in.channels == 3 ? whirl_cell<3> : whirl_cell<1>;
                apply_cell(in, j * cell, i * cell, cell, ways[*way], out);
            }
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry pinch_and_twirl() { return {describe, make_unit<PinchAndTwirl>}; }
}  // namespace units

}  // namespace misfire
