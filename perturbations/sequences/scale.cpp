// A picture that grows from frame to frame.
#include "perturbations/sequences/affine_warp.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "scale";
    info.summary = "the picture grows, frame by frame";
    info.category = "geometry";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 9;
    info.frames = {{"224", 31}, {"32", 31}};
    info.before_crop = true;
    info.parameters = {
        {.name = "start", .unit = "%", .meaning = "size in frame 0", .published = by_set({40}, {70})},
        {.name = "step", .unit = "%", .meaning = "growth from frame to frame", .published = by_set({2.5}, {2})}};
    info.departs = "scales about the centre of the image, not half a pixel beyond it";
    info.reference = imagenet_p_reference;
    return info;
}

class ScaleFilm final : public PublishedSequence {
  public:
    ScaleFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        static_cast<void>(scratch);
        const SequenceValues own = values(request);
        const double place = own[0] + own[1] * request.frame;
        warp_bilinear(in, affine_map(in.height, in.width, 0.0, place / 100.0, 0.0), out);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> scale() { return std::make_unique<ScaleFilm>(); }
}  // namespace films

}  // namespace misfire
