// A picture that moves to the right by a pixel per frame.
#include <cmath>

#include "perturbations/sequences/affine_warp.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "translate";
    info.summary = "the picture moves to the right, frame by frame";
    info.category = "geometry";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 6;
    info.frames = {{"224", 41}, {"32", 16}};
    info.before_crop = true;
    info.parameters = {{.name = "start",
                        .unit = "px",
                        .meaning = "place of frame 0, to the right of the picture's own",
                        .scales_with_side = true,
                        .published = by_set({-20}, {-7})},
                       {.name = "step",
                        .unit = "px",
                        .meaning = "way from frame to frame; the sum is rounded to whole pixels",
                        .scales_with_side = true,
                        .published = by_set({1}, {1})}};
    info.reference = imagenet_p_reference;
    return info;
}

class TranslateFilm final : public PublishedSequence {
  public:
    TranslateFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        static_cast<void>(scratch);
        const SequenceValues own = values(request);
        move_whole_pixels(in, static_cast<int>(std::lround(own[0] + own[1] * request.frame)), 0, out);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> translate() { return std::make_unique<TranslateFilm>(); }
}  // namespace films

}  // namespace misfire
