// V of hexcone HSV from dark to bright; the middle frame is the picture itself.
#include "perturbations/image/brightness.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "brightness";
    info.summary = "from dark to bright";
    info.category = "weather";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 5;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {{.name = "step",
                        .unit = "fraction of white",
                        .meaning = "added to V from frame to frame; frame 15 adds nothing",
                        .published = by_set({0.02}, {0.015})}};
    info.reference = imagenet_p_reference;
    return info;
}

class BrightnessFilm final : public PublishedSequence {
  public:
    BrightnessFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        static_cast<void>(scratch);
        brighten_image(in, (request.frame - 15) * values(request)[0], out);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> brightness() { return std::make_unique<BrightnessFilm>(); }
}  // namespace films

}  // namespace misfire
