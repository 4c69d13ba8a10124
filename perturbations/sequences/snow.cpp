// The same flakes in every frame, blown from another side each time.
#include "perturbations/image/snow.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "snow";
    info.summary = "falling snow whose wind turns from frame to frame";
    info.category = "weather";
    info.groups = {"imagenet-p"};
    info.published_order = 4;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {
        {.name = "mean", .unit = "1", .meaning = "mean of the normal field", .published = by_set({0.05}, {0.05})},
        {.name = "deviation", .unit = "1", .meaning = "its standard deviation", .published = by_set({0.3}, {0.3})},
        {.name = "zoom",
         .unit = "px",
         .meaning = "size of a flake",
         .scales_with_side = true,
         .published = by_set({3}, {2})},
        {.name = "threshold",
         .unit = "1",
         .meaning = "the field below this is no flake",
         .published = by_set({0.5}, {0.5})},
        {.name = "radius",
         .unit = "px",
         .meaning = "length of a streak: 2 radius + 1 taps",
         .scales_with_side = true,
         .published = by_set({14}, {10})},
        {.name = "sigma",
         .unit = "px",
         .meaning = "fall of the weights along a streak",
         .scales_with_side = true,
         .published = by_set({4}, {2})},
        {.name = "start",
         .unit = "degrees",
         .meaning = "direction of the streaks in frame 0",
         .published = by_set({-150}, {-150})},
        {.name = "step", .unit = "degrees", .meaning = "turn from frame to frame", .published = by_set({4}, {4})},
        {.name = "mix",
         .unit = "fraction",
         .meaning = "share of the picture as it is; the rest is whitened",
         .published = by_set({0.85}, {0.85})}};
    info.reference = imagenet_p_reference;
    return info;
}

class SnowFilm final : public PublishedSequence {
  public:
    SnowFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        const SequenceValues own = values(request);
        const Snowfall snowfall{own[0], own[1], own[2], own[3], own[4], own[5], own[6] + own[7] * request.frame,
                                own[8], 1.0};
        let_snow_fall(in, snowfall, random, out, scratch);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> snow() { return std::make_unique<SnowFilm>(); }
}  // namespace films

}  // namespace misfire
