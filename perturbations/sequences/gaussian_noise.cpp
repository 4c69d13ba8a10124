// Frame 0 is clean, each other frame x + N(0, std) with draws of its own.
#include "perturbations/image/gaussian_noise.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "gaussian_noise";
    info.summary = "Gaussian noise anew in every frame after the first, which is clean";
    info.category = "noise";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 0;
    info.noise = true;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {{.name = "std",
                        .unit = "fraction of white",
                        .meaning = "standard deviation of the noise, by difficulty",
                        .published = by_set({0.03, 0.05, 0.08}, {0.02, 0.04, 0.06})}};
    info.reference = imagenet_p_reference;
    return info;
}

class GaussianNoiseFilm final : public PublishedSequence {
  public:
    GaussianNoiseFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        if (request.frame == 0) {
            out = in;
            return;
        }
        add_gaussian_noise(in, random, static_cast<std::uint32_t>(request.frame), values(request)[0], out,
                           scratch.floats[0]);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> gaussian_noise() { return std::make_unique<GaussianNoiseFilm>(); }
}  // namespace films

}  // namespace misfire
