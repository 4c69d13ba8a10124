// A picture that leans over by a degree per frame.
#include "perturbations/sequences/affine_warp.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "shear";
    info.summary = "the picture leans over, frame by frame";
    info.category = "geometry";
    info.published_order = 13;
    info.frames = {{"224", 31}, {"32", 31}};
    info.before_crop = true;
    info.parameters = {
        {.name = "start", .unit = "degrees", .meaning = "angle of frame 0", .published = by_set({-15}, {-15})},
        {.name = "step", .unit = "degrees", .meaning = "more from frame to frame", .published = by_set({1}, {1})}};
    info.departs = "shears about the centre of the image, not half a pixel beyond it";
    info.reference = imagenet_p_reference;
    return info;
}

class ShearFilm final : public PublishedSequence {
  public:
    ShearFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        static_cast<void>(scratch);
        const SequenceValues own = values(request);
        const double place = own[0] + own[1] * request.frame;
        warp_bilinear(in, affine_map(in.height, in.width, 0.0, 1.0, place), out);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> shear() { return std::make_unique<ShearFilm>(); }
}  // namespace films

}  // namespace misfire
