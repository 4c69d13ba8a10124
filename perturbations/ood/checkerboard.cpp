#include <cmath>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

constexpr double smallest = 1.0 / 14.0, largest = 1.0 / 3.0;  // square, as a part of the shorter side

class Checkerboard : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{.name = "checkerboard",
                                           .summary = "squares of two colours, of a drawn size",
                                           .distance = GeneratedSetInfo::Distance::far,
                                           .needs = GeneratedSetInfo::Needs::nothing,
                                           .severity_meaning = contrast_meaning,
                                           .reference = "our own"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch&) const override {
        shape_as(input.image, out);
        float u[3];
        random.uniform(u, 0);
        const double side = std::min(out.height, out.width);
        const int square = std::max(
            2, static_cast<int>(side * smallest * std::pow(largest / smallest, static_cast<double>(u[0])) + 0.5));
        const auto left = static_cast<int>(2.0 * square * static_cast<double>(u[1]));
        const auto top = static_cast<int>(2.0 * square * static_cast<double>(u[2]));
        const auto colours = two_colours(random, 1);
        std::size_t pixel = 0;
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x) {
                const bool second = ((x + left) / square + (y + top) / square) % 2 == 1;
                put_mixed(out, pixel++, colours, second ? 1.0 : 0.0, contrast_at(severity));
            }
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& checkerboard() {
    static const Checkerboard set;
    return set;
}
}  // namespace generated

}  // namespace misfire
