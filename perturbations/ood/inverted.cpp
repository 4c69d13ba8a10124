#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

class Inverted : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "inverted",
            .summary = "a sample as its negative, bright places first",
            .distance = GeneratedSetInfo::Distance::near,
            .needs = GeneratedSetInfo::Needs::image,
            .severity_meaning =
                "grey levels that turn into their negative, from white down: 51 at severity 1, all at 5",
            .reference =
                "solarisation as in AutoAugment (Cubuk et al., CVPR 2019), carried to the whole negative; negatives: "
                "Hosseini et al., On the limitation of CNNs in recognizing negative images, 2017"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random&, Image& out, Scratch&) const override {
        const Image& in = input.image;
        shape_as(in, out);
        const int threshold = 255 - static_cast<int>(255.0 * contrast_at(severity) + 0.5);
        for (std::size_t i = 0; i < in.size(); ++i) {
            const int value = in.pixels[i];
            out.pixels[i] = static_cast<std::uint8_t>(value >= threshold ? 255 - value : value);
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& inverted() {
    static const Inverted set;
    return set;
}
}  // namespace generated

}  // namespace misfire
