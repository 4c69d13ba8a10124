// A Gaussian that grows from frame to frame.
#include "perturbations/image/gaussian_filter.h"
#include "perturbations/image/pixel_conversion.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "gaussian_blur";
    info.summary = "ever further out of focus";
    info.category = "extra";
    info.published_order = 11;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {{.name = "start",
                        .unit = "px",
                        .meaning = "standard deviation in frame 0",
                        .scales_with_side = true,
                        .published = by_set({0.25}, {0.3})},
                       {.name = "step",
                        .unit = "px",
                        .meaning = "more from frame to frame",
                        .scales_with_side = true,
                        .published = by_set({0.035}, {0.015})},
                       {.name = "truncate",
                        .unit = "1",
                        .meaning = "the kernel is cut at this many standard deviations",
                        .published = by_set({6}, {7})}};
    info.reference = imagenet_p_reference;
    return info;
}

class GaussianBlurFilm final : public PublishedSequence {
  public:
    GaussianBlurFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        const SequenceValues own = values(request);
        auto& x = scratch.doubles[0];
        x.resize(in.size());
        to_unit_range(in.pixels.data(), x.data(), in.size());
        gaussian_filter(x.data(), in.height, in.width, in.channels, own[0] + own[1] * request.frame, own[2],
                        Border::nearest, scratch.doubles[1]);
        shape_like(in, out);
        cut_to_bytes(x.data(), out.pixels.data(), in.size());
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> gaussian_blur() { return std::make_unique<GaussianBlurFilm>(); }
}  // namespace films

}  // namespace misfire
