// The picture as a plane that is tilted away from the camera about an axis through its centre.
//
// A pinhole camera stands in front of the centre at a distance of one diagonal of the picture, so that the upright
// plane fills its view (53 degrees from corner to corner, a normal lens). Tilted by t, the point at a along the
// direction of the tilt and b across it is seen at (a cos t, b) / (1 + a sin t / distance). The warp needs the reverse:
// (a, b) = (r, s cos t) / (cos t - r sin t / distance). As in torchvision, the far part is not smoothed before it
// shrinks.
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
    info.name = "perspective";
    info.summary = "the picture seen at a slant, receding in a drawn direction (camera tilted)";
    info.category = "geometry";
    info.monotone = false;
    info.why_not_monotone =
        "the tilt only grows, but the pixels of a picture that looks alike at several sizes may come nearer to the "
        "original again";
    info.parameters = {{.name = "tilt",
                        .unit = "degrees",
                        .meaning = "between the picture and the plane that faces the camera",
                        .identity = 0.0,
                        .published = {{"any", {15, 30, 42, 52, 60}}}}};
    info.options = {border_option("reflect", "the model is asked about the slant, not about black wedges")};
    info.reference =
        "levels are our own; torchvision.transforms.RandomPerspective moves the four corners at random instead";
    return info;
}

// Up to 63 degrees the horizon of the tilted plane lies outside the picture, as warp() requires.
cv::Matx33d seen_from(double tilt, double direction, double distance, cv::Point2d centre) {
    const double cosine = std::cos(direction), sine = std::sin(direction);
    const cv::Matx33d turn(cosine, -sine, 0, sine, cosine, 0, 0, 0, 1);
    const cv::Matx33d lean(1, 0, 0, 0, std::cos(tilt), 0, -std::sin(tilt) / distance, 0, std::cos(tilt));
    const cv::Matx33d there(1, 0, -centre.x, 0, 1, -centre.y, 0, 0, 1), back(1, 0, centre.x, 0, 1, centre.y, 0, 0, 1);
    return back * turn * lean * turn.t() * there;
}

class Perspective final : public PublishedUnit {
  public:
    explicit Perspective(const Options& given) : PublishedUnit(describe(), given), border_(border_of(options())) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const double tilt = parameters(in, severity)[0] * std::numbers::pi / 180.0;
        const double direction = 2.0 * std::numbers::pi * static_cast<double>(random.uniform(direction_stream));
        shape_like(in, out);
        const cv::Mat picture = mat_view(in);
        warp(picture, seen_from(tilt, direction, std::hypot(in.width, in.height), centre_of(picture)), border_,
             mat_view(out));
    }

  private:
    Border border_;
};

}  // namespace

namespace units {
PerturbationEntry perspective() { return {describe, make_unit<Perspective>}; }
}  // namespace units

}  // namespace misfire
