// Frame i is the mean of the picture and of its first i zooms.
#include "core/vector_clones.h"
#include "perturbations/sequences/affine_warp.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "zoom_blur";
    info.summary = "a camera that moves towards the scene with an ever longer exposure";
    info.category = "blur";
    info.groups = {"imagenet-p", "cifar-p"};
    info.published_order = 3;
    info.frames = {{"224", 31}, {"32", 31}};
    info.before_crop = true;
    info.parameters = {
        {.name = "step", .unit = "1", .meaning = "zoom k is by 1 + k step", .published = by_set({0.004}, {0.004})}};
    info.departs = "zooms are about the centre of the image, not half a pixel beyond it";
    info.reference = imagenet_p_reference;
    return info;
}

MISFIRE_VECTOR_CLONES void add_values(const std::uint8_t* in, float* sum, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += static_cast<float>(in[i]) / 255.0F;
}

void add_in_unit_range(const Image& image, std::vector<float>& sum) {
    add_values(image.pixels.data(), sum.data(), image.size());
}

class ZoomBlurFilm final : public PublishedSequence {
  public:
    ZoomBlurFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        static_cast<void>(random);
        const double step = values(request)[0];
        auto& sum = scratch.floats[0];
        sum.resize(in.size());
        for (std::size_t i = 0; i < in.size(); ++i) sum[i] = static_cast<float>(in.pixels[i]) / 255.0F;
        for (int k = 1; k <= request.frame; ++k) {
            warp_bilinear(in, affine_map(in.height, in.width, 0.0, 1.0 + step * k, 0.0), out);
            add_in_unit_range(out, sum);
        }
        shape_like(in, out);
        const auto count = static_cast<float>(request.frame + 1);
        for (std::size_t i = 0; i < in.size(); ++i) out.pixels[i] = static_cast<std::uint8_t>(sum[i] / count * 255.0F);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> zoom_blur() { return std::make_unique<ZoomBlurFilm>(); }
}  // namespace films

}  // namespace misfire
