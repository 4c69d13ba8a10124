// Camera shake along a random direction: ImageMagick's motion blur at an angle drawn once per image.
#include "perturbations/image/motion_taps.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "motion_blur";
    info.summary = "camera shake: a one-sided streak in a random direction of -45..45 degrees";
    info.category = "blur";
    info.groups = {"imagenet-c"};
    info.published_order = 5;
    info.parameters = {{.name = "radius",
                        .unit = "px",
                        .meaning = "the streak has 2 radius + 1 taps",
                        .scales_with_side = true,
                        .identity = 0.0,
                        .published = {{"32", {6, 6, 6, 8, 9}},
                                      {"64", {10, 10, 10, 10, 12}},
                                      {"224", {10, 15, 15, 15, 20}},
                                      {"299", {12, 17, 17, 17, 22}}}},
                       {.name = "sigma",
                        .unit = "px",
                        .meaning = "fall of the weights along the streak",
                        .scales_with_side = true,
                        .identity = 0.0,
                        .published = {{"32", {1, 1.5, 2, 2, 2.5}},
                                      {"64", {1, 1.5, 2, 2.5, 3}},
                                      {"224", {3, 5, 8, 12, 15}},
                                      {"299", {4, 6, 9, 13, 16}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = std::string(imagenet_c_reference) + "; ImageMagick 6 MotionBlurImage";
    return info;
}

class MotionBlur final : public PublishedUnit {
  public:
    explicit MotionBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        const double angle_degrees = -45.0 + 90.0 * static_cast<double>(random.uniform(0));
        shape_like(in, out);
        apply_motion(in.pixels.data(), in.height, in.width, in.channels,
                     motion_taps(values[0], values[1], angle_degrees), out.pixels.data(), scratch.floats[0]);
    }
};

}  // namespace

namespace units {
PerturbationEntry motion_blur() { return {describe, make_unit<MotionBlur>}; }
}  // namespace units

}  // namespace misfire
