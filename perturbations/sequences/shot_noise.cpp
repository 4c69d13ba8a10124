// Frame 0 is clean, each other frame Poisson(x photons) / photons with draws of its own.
#include "perturbations/image/shot_noise.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "shot_noise";
    info.summary = "Poisson noise anew in every frame after the first, which is clean";
    info.category = "noise";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 1;
    info.noise = true;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {
        {.name = "photons",
         .unit = "1",
         .meaning = "mean count of a white value, by difficulty; between sizes its reciprocal is interpolated",
         .scale = Parameter::Scale::reciprocal,
         .published = by_set({300, 120, 60}, {700, 400, 200})}};
    info.reference = imagenet_p_reference;
    return info;
}

class ShotNoiseFilm final : public PublishedSequence {
  public:
    ShotNoiseFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        if (request.frame == 0) {
            out = in;
            return;
        }
        noise_.apply(in, values(request)[0], random, static_cast<std::uint32_t>(request.frame), out, scratch);
    }

  private:
    PoissonNoise noise_;
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> shot_noise() { return std::make_unique<ShotNoiseFilm>(); }
}  // namespace films

}  // namespace misfire
