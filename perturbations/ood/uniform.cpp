#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

class Uniform : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "uniform",
            .summary = "white noise: every pixel and channel a uniform draw of its own",
            .distance = GeneratedSetInfo::Distance::far,
            .needs = GeneratedSetInfo::Needs::nothing,
            .severity_meaning = "contrast about mid-grey; at 5 the draws fill 0 to 255",
            .reference = "Hendrycks and Gimpel, ICLR 2017; Liang et al., ODIN, ICLR 2018"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch& scratch) const override {
        shape_as(input.image, out);
        std::vector<float>& draws = scratch.floats[0];
        draws.resize(out.size());
        random.uniform(draws, 0);
        for (std::size_t i = 0; i < draws.size(); ++i)
            out.pixels[i] = about_grey(256.0 * static_cast<double>(draws[i]) - 0.5, contrast_at(severity));
    }
};

}  // namespace

namespace generated {
const GeneratedSet& uniform() {
    static const Uniform set;
    return set;
}
}  // namespace generated

}  // namespace misfire
