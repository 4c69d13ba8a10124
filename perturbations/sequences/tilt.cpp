// A picture on a plane that tilts about both axes, seen by a camera one diagonal away.
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "tilt";
    info.summary = "the picture's plane tilts about both axes, frame by frame";
    info.category = "geometry";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 8;
    info.frames = {{"224", 31}, {"32", 31}};
    info.before_crop = true;
    info.parameters = {
        {.name = "start", .unit = "degrees", .meaning = "angle of frame 0", .published = by_set({-15}, {-11.25})},
        {.name = "step", .unit = "degrees", .meaning = "turn from frame to frame", .published = by_set({1}, {0.75})}};
    info.reference = imagenet_p_reference;
    return info;
}

// From places in the picture to places in the frame: lifted into space about the centre, turned about y, then x (the
// same angle), moved away by the focal length, which is the diagonal, and projected.
cv::Matx33d projection(int height, int width, double angle) {
    const double half_width = width / 2.0, half_height = height / 2.0;
    const double focal = std::sqrt(static_cast<double>(width) * width + static_cast<double>(height) * height);
    const double c = std::cos(angle), s = std::sin(angle);
    const cv::Matx43d lift(1, 0, -half_width, 0, 1, -half_height, 0, 0, 1, 0, 0, 1);
    const cv::Matx44d about_x(1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0, 0, 0, 0, 1);
    const cv::Matx44d about_y(c, 0, -s, 0, 0, 1, 0, 0, s, 0, c, 0, 0, 0, 0, 1);
    const cv::Matx44d away(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, focal, 0, 0, 0, 1);
    const cv::Matx34d project(focal, 0, half_width, 0, 0, focal, half_height, 0, 0, 0, 1, 0);
    return project * away * about_x * about_y * lift;
}

class TiltFilm final : public PublishedSequence {
  public:
    TiltFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        static_cast<void>(scratch);
        const SequenceValues own = values(request);
        const double angle = (own[0] + own[1] * request.frame) * std::numbers::pi / 180.0;
        shape_like(in, out);
        const int type = in.channels == 3 ? CV_8UC3 : CV_8UC1;
        const cv::Mat from(in.height, in.width, type, const_cast<std::uint8_t*>(in.pixels.data()));
        cv::Mat to(out.height, out.width, type, out.pixels.data());
        cv::warpPerspective(from, to, projection(in.height, in.width, angle), to.size());
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> tilt() { return std::make_unique<TiltFilm>(); }
}  // namespace films

}  // namespace misfire
