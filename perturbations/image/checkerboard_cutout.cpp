// Some black fields of a rotated checkerboard become grey.
#include <cmath>
#include <numbers>

#include "perturbations/image/c_bar.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info =
        c_bar_info("checkerboard_cutout", 3, "t tenths of the black fields of the board are cut out", {2, 3, 4, 5, 6},
                   {1, 2, 3, 4, 5});
    info.summary = "squares of a rotated checkerboard cut out of the picture (grey)";
    return info;
}

struct Board {
    double cosine;
    double sine;
    double field;       // side of a field, px
    std::int64_t rows;  // fields per side of the grid of draws, which wraps around
};

// Fields are numbered towards zero, so those on both sides of an axis share a draw, as published.
std::uint64_t element(const Board& board, std::int64_t i, std::int64_t j) {
    const std::int64_t row = i < 0 ? i + board.rows : i;
    const std::int64_t column = j < 0 ? j + board.rows : j;
    return static_cast<std::uint64_t>(row * board.rows + column);
}

class CheckerboardCutout final : public PublishedUnit {
  public:
    explicit CheckerboardCutout(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        float u[2];
        random.uniform(u, 0);
        const double angle = 2.0 * std::numbers::pi * static_cast<double>(u[0]);
        const double field = std::max((0.1 + 0.15 * static_cast<double>(u[1])) * shorter_side(in), 1.0);
        const auto rows = static_cast<std::int64_t>(std::floor(4.0 * std::max(in.height, in.width) / field));
        const Board board{std::cos(angle), std::sin(angle), field, rows};
        const double share = strength(parameters(in, severity)[0], 1.0);
        shape_like(in, out);
        out.pixels = in.pixels;
        for (int y = 0; y < in.height; ++y) cut_row(board, y, share, random, out);
    }

  private:
    static void cut_row(const Board& board, int y, double share, const Random& random, Image& out) {
        const auto channels = static_cast<std::size_t>(out.channels);
        std::uint8_t* pixel =
            out.pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) * channels;
        double last_i = 0.5, last_j = 0.5;  // no field
        bool cut = false;
        for (int x = 0; x < out.width; ++x, pixel += channels) {
            const double nx = (board.cosine * y + board.sine * x) / board.field;
            const double ny = (-board.sine * y + board.cosine * x) / board.field;
            const double i = std::floor(nx), j = std::floor(ny);
            if (i != last_i || j != last_j) {
                last_i = i;
                last_j = j;
                const bool black = std::fmod(i + j, 2.0) == 0.0;
                cut = black && static_cast<double>(random.uniform(1, element(board, static_cast<std::int64_t>(nx),
                                                                             static_cast<std::int64_t>(ny)))) < share;
            }
            if (cut) std::fill_n(pixel, channels, std::uint8_t{128});
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry checkerboard_cutout() { return {describe, make_unit<CheckerboardCutout>}; }
}  // namespace units

}  // namespace misfire
