// A streak of fixed length whose direction turns from frame to frame.
#include "perturbations/image/motion_taps.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "motion_blur";
    info.summary = "a camera's streak that turns from frame to frame";
    info.category = "blur";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 2;
    info.frames = {{"224", 31}, {"32", 21}};
    info.parameters = {
        {.name = "radius",
         .unit = "px",
         .meaning = "the streak has 2 radius + 1 taps",
         .scales_with_side = true,
         .published = by_set({10}, {6})},
        {.name = "sigma",
         .unit = "px",
         .meaning = "fall of the weights along the streak",
         .scales_with_side = true,
         .published = by_set({3}, {1.8})},
        {.name = "start", .unit = "degrees", .meaning = "direction in frame 0", .published = by_set({-120}, {-180})},
        {.name = "step", .unit = "degrees", .meaning = "turn from frame to frame", .published = by_set({4}, {9})}};
    info.reference = imagenet_p_reference;
    return info;
}

class MotionBlurFilm final : public PublishedSequence {
  public:
    MotionBlurFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        const SequenceValues own = values(request);
        shape_like(in, out);
        apply_motion(in.pixels.data(), in.height, in.width, in.channels,
                     motion_taps(own[0], own[1], own[2] + own[3] * request.frame), out.pixels.data(),
                     scratch.floats[0]);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> motion_blur() { return std::make_unique<MotionBlurFilm>(); }
}  // namespace films

}  // namespace misfire
