#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

class Flat : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{.name = "flat",
                                           .summary = "one colour all over",
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
        const auto channels = static_cast<std::size_t>(out.channels);
        for (std::size_t i = 0; i < out.size(); ++i)
            out.pixels[i] = about_grey(256.0 * static_cast<double>(u[i % channels]) - 0.5, contrast_at(severity));
    }
};

}  // namespace

namespace generated {
const GeneratedSet& flat() {
    static const Flat set;
    return set;
}
}  // namespace generated

}  // namespace misfire
