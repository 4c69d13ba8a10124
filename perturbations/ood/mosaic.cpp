#include <numeric>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

constexpr int tiles = 4;  // along each side

class Mosaic : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "mosaic",
            .summary = "a sample in which tiles of another one, of another class, stand",
            .distance = GeneratedSetInfo::Distance::near,
            .needs = GeneratedSetInfo::Needs::two_classes,
            .severity_meaning =
                "share of the 4 x 4 tiles that show the other: a tenth at severity 1, half at 5, at least one",
            .reference = "our own; mixed samples as in Yun et al., CutMix, ICCV 2019"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch&) const override {
        const Image& in = input.image;
        out = in;
        float draws[tiles * tiles];
        random.uniform(draws, 0);
        int order[tiles * tiles];
        std::iota(std::begin(order), std::end(order), 0);
        std::stable_sort(std::begin(order), std::end(order), [&](int a, int b) { return draws[a] < draws[b]; });
        const int others = std::max(1, static_cast<int>(0.5 * tiles * tiles * contrast_at(severity) + 0.5));
        for (int i = 0; i < others; ++i) copy_tile(*input.other, out, order[i] / tiles, order[i] % tiles);
    }

  private:
    static void copy_tile(const Image& from, Image& to, int row, int column) {
        const int first = to.width * column / tiles * to.channels, last = to.width * (column + 1) / tiles * to.channels;
        for (int y = to.height * row / tiles; y < to.height * (row + 1) / tiles; ++y) {
            const auto begin = static_cast<std::ptrdiff_t>(y) * to.width * to.channels + first;
            std::copy_n(from.pixels.begin() + begin, last - first, to.pixels.begin() + begin);
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& mosaic() {
    static const Mosaic set;
    return set;
}
}  // namespace generated

}  // namespace misfire
