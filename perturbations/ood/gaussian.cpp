#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

class Gaussian : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "gaussian",
            .summary = "white noise: every pixel and channel a normal draw about mid-grey, cut to 0 to 255",
            .distance = GeneratedSetInfo::Distance::far,
            .needs = GeneratedSetInfo::Needs::nothing,
            .severity_meaning = "standard deviation: 51 grey levels times the severity, 255 at 5",
            .reference = "Liang et al., ODIN, ICLR 2018 (mean 0.5 and variance 1 of white, cut)"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch& scratch) const override {
        shape_as(input.image, out);
        std::vector<float>& draws = scratch.floats[0];
        draws.resize(out.size());
        random.normal(draws, 0);
        for (std::size_t i = 0; i < draws.size(); ++i)
            out.pixels[i] = about_grey(mid_grey + 255.0 * static_cast<double>(draws[i]), contrast_at(severity));
    }
};

}  // namespace

namespace generated {
const GeneratedSet& gaussian() {
    static const Gaussian set;
    return set;
}
}  // namespace generated

}  // namespace misfire
