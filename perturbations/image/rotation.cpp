// The picture turned about its centre: a camera held askew, a page laid crookedly on the scanner.
#include <cmath>
#include <numbers>

#include "perturbations/image/mat_view.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/warp.h"

namespace misfire {

namespace {

constexpr std::uint32_t sense_stream = 0;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "rotation";
    info.summary = "the picture turned about its centre, one way or the other by draw (camera or page askew)";
    info.category = "geometry";
    info.monotone = false;
    info.why_not_monotone = "the angle only grows, but a picture that is symmetric under a turn comes back to itself";
    info.parameters = {{.name = "angle",
                        .unit = "degrees",
                        .meaning = "of the turn; the sample's draw says whether clockwise or not",
                        .identity = 0.0,
                        .published = {{"any", {5, 15, 30, 60, 110}}}}};
    info.options = {border_option("reflect", "the model is asked about the turn, not about black corners")};
    info.reference =
        "levels are our own; level 3 is the largest turn of Engstrom et al., Exploring the Landscape of Spatial "
        "Robustness, ICML 2019 (up to 30 degrees either way)";
    return info;
}

class Rotation final : public PublishedUnit {
  public:
    explicit Rotation(const Options& given) : PublishedUnit(describe(), given), border_(border_of(options())) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const double sense = random.uniform(sense_stream) < 0.5F ? 1.0 : -1.0;
        const double angle = sense * parameters(in, severity)[0] * std::numbers::pi / 180.0;
        const double cosine = std::cos(angle), sine = std::sin(angle);
        shape_like(in, out);
        const cv::Mat picture = mat_view(in);
        const cv::Point2d centre = centre_of(picture);
        warp(picture, affine_map({cosine, -sine, sine, cosine}, centre, centre), border_, mat_view(out));
    }

  private:
    Border border_;
};

}  // namespace

namespace units {
PerturbationEntry rotation() { return {describe, make_unit<Rotation>}; }
}  // namespace units

}  // namespace misfire
