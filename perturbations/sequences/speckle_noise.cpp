// Frame 0 is clean, each other frame x + x N(0, std) with draws of its own.
#include "perturbations/image/speckle_noise.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "speckle_noise";
    info.summary = "noise in proportion to the pixel anew in every frame after the first, which is clean";
    info.category = "extra";
    info.published_order = 10;
    info.noise = true;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {{.name = "std",
                        .unit = "fraction of the pixel",
                        .meaning = "standard deviation of the factor, by difficulty",
                        .published = by_set({0.05, 0.1, 0.15}, {0.05, 0.07, 0.1})}};
    info.reference = imagenet_p_reference;
    return info;
}

class SpeckleNoiseFilm final : public PublishedSequence {
  public:
    SpeckleNoiseFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        if (request.frame == 0) {
            out = in;
            return;
        }
        add_speckle_noise(in, random, static_cast<std::uint32_t>(request.frame), values(request)[0], out,
                          scratch.floats[0]);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> speckle_noise() { return std::make_unique<SpeckleNoiseFilm>(); }
}  // namespace films

}  // namespace misfire
