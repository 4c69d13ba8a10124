// Only a window of the picture is shown, enlarged to the size of the whole.
#include <cmath>

#include "perturbations/image/mat_view.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/warp.h"

namespace misfire {

namespace {

constexpr std::uint32_t column_stream = 0;
constexpr std::uint32_t row_stream = 1;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "crop";
    info.summary = "a window at a drawn place, enlarged to the size of the picture (the object cut off)";
    info.category = "geometry";
    info.monotone = false;
    info.why_not_monotone =
        "the window only shrinks, but the pixels of a picture that looks alike at several sizes may come nearer to the "
        "original again";
    info.parameters = {{.name = "area",
                        .unit = "fraction of the picture",
                        .meaning = "that the window shows; it has the picture's shape and lies inside every larger one",
                        .identity = 1.0,
                        .published = {{"any", {.8, .55, .35, .18, .08}}}}};
    info.reference =
        "levels are our own, down to the smallest window of the usual training crop (torchvision.transforms."
        "RandomResizedCrop: 8 to 100 % of the area, after Szegedy et al., Going Deeper with Convolutions, CVPR 2015)";
    return info;
}

class Crop final : public PublishedUnit {
  public:
    explicit Crop(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const double side = std::sqrt(parameters(in, severity)[0]);  // of the window, as a fraction
        const double column = static_cast<double>(random.uniform(column_stream)) - 0.5;
        const double row = static_cast<double>(random.uniform(row_stream)) - 0.5;
        shape_like(in, out);
        const cv::Mat picture = mat_view(in);
        const cv::Point2d centre = centre_of(picture);
        const cv::Point2d aside(column * (1.0 - side) * in.width, row * (1.0 - side) * in.height);
        warp(picture, affine_map(cv::Matx22d::eye() * side, centre, centre + aside), Border::replicate, mat_view(out));
    }
};

}  // namespace

namespace units {
PerturbationEntry crop() { return {describe, make_unit<Crop>}; }
}  // namespace units

}  // namespace misfire
