#include "perturbations/image/plasma.h"

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

constexpr double roughest_decay = 1.4, smoothest_decay = 2.4;

int power_of_two_from(int side) {
    int power = 2;
    while (power < side) power *= 2;
    return power;
}

class Fractal : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "fractal",
            .summary = "coloured plasma fractal: diamond-square, each channel its own, of a drawn roughness",
            .distance = GeneratedSetInfo::Distance::far,
            .needs = GeneratedSetInfo::Needs::nothing,
            .severity_meaning = contrast_meaning,
            .reference = "diamond-square as in the fog of ImageNet-C (Hendrycks and Dietterich, ICLR 2019)"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch& scratch) const override {
        shape_as(input.image, out);
        const double decay =
            roughest_decay + (smoothest_decay - roughest_decay) * static_cast<double>(random.uniform(0));
        const int side = power_of_two_from(std::max(out.height, out.width));
        const auto channels = static_cast<std::size_t>(out.channels);
        for (std::size_t c = 0; c < channels; ++c) {
            const Plasma plasma =
                plasma_fractal(side, decay, random, 1 + static_cast<std::uint32_t>(c), scratch.doubles[0],
                               scratch.doubles[1], scratch.doubles[2], scratch.floats[0]);
            const double scale = 255.0 / (plasma.high - plasma.low);
            for (std::size_t y = 0; y < static_cast<std::size_t>(out.height); ++y) {
                const double* row = plasma.map->data() + y * static_cast<std::size_t>(side);
                std::uint8_t* pixels = out.pixels.data() + y * static_cast<std::size_t>(out.width) * channels + c;
                for (std::size_t x = 0; x < static_cast<std::size_t>(out.width); ++x)
                    pixels[x * channels] = about_grey(scale * (row[x] - plasma.low), contrast_at(severity));
            }
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& fractal() {
    static const Fractal set;
    return set;
}
}  // namespace generated

}  // namespace misfire
