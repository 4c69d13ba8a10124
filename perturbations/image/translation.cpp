// The picture moved along a line: the object is not where it was framed. By whole pixels, so that nothing is blurred
// besides.
#include <cmath>
#include <numbers>

#include "perturbations/image/mat_view.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/warp.h"

namespace misfire {

namespace {

constexpr std::uint32_t direction_stream = 0;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "translation";
    info.summary = "the picture moved by whole pixels in one direction (object badly framed)";
    info.category = "geometry";
    info.monotone = false;
    info.why_not_monotone = "the shift only grows, but a picture that repeats itself meets itself again";
    info.parameters = {{.name = "distance",
                        .unit = "px",
                        .meaning = "of the shift, rounded to whole pixels in x and in y",
                        .scales_with_side = true,
                        .identity = 0.0,
                        .published = {{"any", {12, 24, 60, 100, 140}}}}};
    info.options = {{"direction",
                     "in which the picture moves; any: drawn for each sample from the whole circle",
                     "any",
                     {"any", "left", "right", "up", "down"},
                     false},
                    border_option("reflect", "the model is asked about the shift, not about a black bar")};
    info.reference =
        "levels are our own; level 2 is the largest shift of Engstrom et al., Exploring the Landscape of Spatial "
        "Robustness, ICML 2019 (24 px of 224, 3 px of 32 along each axis)";
    return info;
}

class Translation final : public PublishedUnit {
  public:
    explicit Translation(const Options& given)
        : PublishedUnit(describe(), given), border_(border_of(options())), direction_(options().at("direction")) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const double distance = parameters(in, severity)[0];
        const cv::Point2d towards = direction(random);
        const cv::Point2d shift(std::round(distance * towards.x), std::round(distance * towards.y));
        shape_like(in, out);
        warp(mat_view(in), affine_map(cv::Matx22d::eye(), shift, {0, 0}), border_, mat_view(out));
    }

  private:
    cv::Point2d direction(const Random& random) const {
        if (direction_ == "left") return {-1, 0};
        if (direction_ == "right") return {1, 0};
        if (direction_ == "up") return {0, -1};
        if (direction_ == "down") return {0, 1};
        const double angle = 2.0 * std::numbers::pi * static_cast<double>(random.uniform(direction_stream));
        return {std::cos(angle), std::sin(angle)};
    }

    Border border_;
    std::string direction_;
};

}  // namespace

namespace units {
PerturbationEntry translation() { return {describe, make_unit<Translation>}; }
}  // namespace units

}  // namespace misfire
