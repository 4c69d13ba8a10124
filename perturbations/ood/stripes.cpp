#include <cmath>
#include <numbers>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

constexpr double narrowest = 1.0 / 16.0, widest = 1.0 / 2.0;  // period, as a part of the shorter side

// A square wave of period 1 that rises and falls within `edge` of a period: 0..1.
double wave(double place, double edge) {
    const double phase = place - std::floor(place);
    return std::clamp((0.25 - std::abs(phase - 0.5)) / edge + 0.5, 0.0, 1.0);
}

class Stripes : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{.name = "stripes",
                                           .summary = "parallel stripes of two colours at a drawn slant and width",
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
        const double period = std::max(3.0, side * narrowest * std::pow(widest / narrowest, static_cast<double>(u[0])));
        const double slant = std::numbers::pi * static_cast<double>(u[1]);
        const double along_x = std::cos(slant) / period, along_y = std::sin(slant) / period;
        const auto colours = two_colours(random, 1);
        std::size_t pixel = 0;
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x) {
                const double place = x * along_x + y * along_y + static_cast<double>(u[2]);
                put_mixed(out, pixel++, colours, wave(place, 1.0 / period), contrast_at(severity));
            }
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& stripes() {
    static const Stripes set;
    return set;
}
}  // namespace generated

}  // namespace misfire
