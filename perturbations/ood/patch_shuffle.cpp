#include <numeric>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

int patches_at(double severity) {
    constexpr double published[] = {2.0, 2.0, 3.0, 4.0, 6.0, 8.0};
    const auto below = static_cast<std::size_t>(severity);
    if (below >= 5) return 8;
    const double share = severity - static_cast<double>(below);
    return static_cast<int>(published[below] + share * (published[below + 1] - published[below]) + 0.5);
}

// For each patch the one that comes to its place: a single drawn cycle, so that none stays.
std::vector<std::size_t> cycle(std::size_t count, const Random& random, std::vector<float>& draws) {
    draws.resize(count);
    random.uniform(draws, 0);
    std::vector<std::size_t> order(count), next(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return draws[a] < draws[b]; });
    for (std::size_t i = 0; i < count; ++i) next[order[i]] = order[(i + 1) % count];
    return next;
}

class PatchShuffle : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "patch_shuffle",
            .summary = "a sample cut into a grid of patches, each put into the place of another",
            .distance = GeneratedSetInfo::Distance::near,
            .needs = GeneratedSetInfo::Needs::image,
            .severity_meaning = "patches along each side: 2, 3, 4, 6 and 8 at severities 1 to 5, rounded between",
            .reference =
                "our own grid; shuffled patches as in Zhang and Zhu, Interpreting adversarially trained CNNs, ICML "
                "2019"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch& scratch) const override {
        const Image& in = input.image;
        shape_as(in, out);
        const int patches = std::min({patches_at(severity), in.height, in.width});
        const std::vector<std::size_t> from =
            cycle(static_cast<std::size_t>(patches) * static_cast<std::size_t>(patches), random, scratch.floats[0]);
        for (int row = 0; row < patches; ++row) {
            for (int column = 0; column < patches; ++column) {
                const auto source = static_cast<int>(from[static_cast<std::size_t>(row * patches + column)]);
                copy_patch(in, out, patches, {row, column}, {source / patches, source % patches});
            }
        }
    }

  private:
    struct Place {
        int row, column;
    };
    // Patches differ by a pixel where the side does not divide: the last row or column is then cut or repeated.
    static void copy_patch(const Image& in, Image& out, int patches, Place to, Place from) {
        const auto begin = [patches](int length, int i) { return length * i / patches; };
        const auto source = [&](int length, int offset, int i) {
            return std::min(begin(length, i) + offset, begin(length, i + 1) - 1);
        };
        const int channels = in.channels;
        for (int y = begin(in.height, to.row); y < begin(in.height, to.row + 1); ++y) {
            const int sy = source(in.height, y - begin(in.height, to.row), from.row);
            for (int x = begin(in.width, to.column); x < begin(in.width, to.column + 1); ++x) {
                const int sx = source(in.width, x - begin(in.width, to.column), from.column);
                std::copy_n(in.pixels.begin() + (sy * in.width + sx) * channels, channels,
                            out.pixels.begin() + (y * in.width + x) * channels);
            }
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& patch_shuffle() {
    static const PatchShuffle set;
    return set;
}
}  // namespace generated

}  // namespace misfire
