// Anti-aliased grey lines across the picture, their angles scattered around one that is drawn per picture.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "perturbations/image/cifar_c_bar.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "lines";
    info.summary = "grey anti-aliased lines drawn across the picture, roughly along one direction";
    info.category = "c-bar";
    info.groups = {"cifar-c-bar"};
    info.published_order = 110;
    info.parameters = {cifar_c_bar_strength({.5, 1, 1.5, 2, 2.5})};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = std::string(cifar_c_bar_reference) +
                     "; lines as skimage.draw.line_aa: Zingl, A Rasterizing Algorithm for Drawing Curves, 2012";
    return info;
}

constexpr std::uint32_t direction_stream = 0;  // angle, spread of the angles
constexpr std::uint32_t line_stream = 1;       // per line: row and column of its middle, its place in the spread

constexpr double pi = 3.14159265358979323846;
constexpr double grey = 128.0;

struct Point {
    int row, column;
};

// Calls plot(row, column, coverage) for each pixel that the line touches, inside the image or not: Zingl's walk, whose
// `error` is the distance of the current pixel from the line times its length.
template <typename Plot>
void anti_aliased_line(Point from, Point to, Plot plot) {
    const int columns = std::abs(to.column - from.column), rows = std::abs(to.row - from.row);
    const int right = from.column < to.column ? 1 : -1, down = from.row < to.row ? 1 : -1;
    const auto length = std::max(1.0, static_cast<double>(static_cast<float>(std::hypot(columns, rows))));
    const auto mark = [&](int row, int column, int distance) { plot(row, column, 1.0 - std::abs(distance) / length); };
    Point at = from;
    int error = columns - rows;
    while (true) {
        mark(at.row, at.column, error - columns + rows);
        const bool sideways = 2 * error >= -columns, lengthways = 2 * error <= rows;
        if (sideways && at.column == to.column) return;
        if (sideways && error + rows < length) mark(at.row + down, at.column, error + rows);
        if (lengthways && at.row == to.row) return;
        if (lengthways && columns - error < length) mark(at.row, at.column + right, columns - error);
        if (sideways) {
            error -= rows;
            at.column += right;
        }
        if (lengthways) {
            error += columns;
            at.row += down;
        }
    }
}

// Every line is cut to 8 bits before the next, as published.
void blend(Image& image, int row, int column, double coverage) {
    if (row < 0 || row >= image.height || column < 0 || column >= image.width) return;
    const auto channels = static_cast<std::size_t>(image.channels);
    std::uint8_t* pixel = image.pixels.data() + (static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) +
                                                 static_cast<std::size_t>(column)) *
                                                    channels;
    for (std::size_t c = 0; c < channels; ++c) {
        pixel[c] = static_cast<std::uint8_t>(static_cast<int>((1.0 - coverage) * pixel[c] + coverage * grey));
    }
}

class Lines final : public PublishedUnit {
  public:
    explicit Lines(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const int side = std::min(in.height, in.width);
        const auto count = static_cast<std::size_t>(parameters(in, severity)[0] / 10.0 * side);
        const double angle = 2.0 * pi * static_cast<double>(random.uniform(direction_stream, 0));
        const double spread = 0.1 + 0.9 * static_cast<double>(random.uniform(direction_stream, 1));
        auto& draws = scratch.floats[0];
        draws.resize(3 * count);
        random.uniform(draws, line_stream);
        out = in;
        for (std::size_t i = 0; i < count; ++i) {
            const double row = in.height * static_cast<double>(draws[3 * i]);
            const double column = in.width * static_cast<double>(draws[3 * i + 1]);
            const double turned = angle + 2.0 * pi * spread * (static_cast<double>(draws[3 * i + 2]) - 0.5);
            const double down = std::sin(turned) * side, right = std::cos(turned) * side;
            // the original takes the cosine for rows
            const Point from{static_cast<int>(row - right), static_cast<int>(column - down)};
            const Point to{static_cast<int>(row + right), static_cast<int>(column + down)};
            anti_aliased_line(from, to, [&](int r, int c, double coverage) { blend(out, r, c, coverage); });
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry lines() { return {describe, make_unit<Lines>}; }
}  // namespace units

}  // namespace misfire
