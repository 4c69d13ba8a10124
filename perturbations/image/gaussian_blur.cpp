// Gaussian of sigma px, edges replicated, kernel cut at four sigma.
#include "perturbations/image/gaussian_bytes.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "gaussian_blur";
    info.summary = "Gaussian blur (out of focus, without the hard disk of a lens)";
    info.version = 2;
    info.category = "extra";
    info.published_order = 16;
    info.parameters = {{.name = "sigma",
                        .unit = "px",
                        .meaning = "standard deviation of the kernel",
                        .scales_with_side = true,
                        .identity = 0.0,
                        .published = {{"32", {.4, .6, .7, .8, 1}},
                                      {"64", {.5, .75, 1, 1.25, 1.5}},
                                      {"224", {1, 2, 3, 4, 6}},
                                      {"299", {1.5, 2.5, 3.5, 4.5, 6.5}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

constexpr double largest_published_sigma = 6.5;  // px

class GaussianBlur final : public PublishedUnit {
  public:
    explicit GaussianBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        shape_like(in, out);
        gaussian_blur_bytes(in, parameters(in, severity)[0], largest_published_sigma, out, scratch);
    }
};

}  // namespace

namespace units {
PerturbationEntry gaussian_blur() { return {describe, make_unit<GaussianBlur>}; }
}  // namespace units

}  // namespace misfire
