// A picture that turns clockwise by a degree per frame.
#include "perturbations/sequences/affine_warp.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "rotate";
    info.summary = "the picture turns clockwise, frame by frame";
    info.category = "geometry";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 7;
    info.frames = {{"224", 31}, {"32", 31}};
    info.before_crop = true;
    info.parameters = {
        {.name = "start", .unit = "degrees", .meaning = "angle of frame 0", .published = by_set({-15}, {-15})},
        {.name = "step", .unit = "degrees", .meaning = "turn from frame to frame", .published = by_set({1}, {1})}};
    info.departs = "turns about the centre of the image, not half a pixel beyond it";
    info.reference = imagenet_p_reference;
    return info;
}

class RotateFilm final : public PublishedSequence {
  public:
    RotateFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        static_cast<void>(scratch);
        const SequenceValues own = values(request);
        const double place = own[0] + own[1] * request.frame;
        warp_bilinear(in, affine_map(in.height, in.width, place, 1.0, 0.0), out);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> rotate() { return std::make_unique<RotateFilm>(); }
}  // namespace films

}  // namespace misfire
