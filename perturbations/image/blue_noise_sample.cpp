// Keeps the pixels where blue noise exceeds a threshold; the others turn black.
#include "core/vector_clones.h"
#include "perturbations/image/c_bar.h"
#include "perturbations/image/spectral_noise.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    // Published, t = 0 still drops what lies 2.5 deviations below the mean. Below -5.5 nothing is left to drop.
    PerturbationInfo info =
        c_bar_info("blue_noise_sample", 0,
                   "pixels survive where noise of deviation 1 exceeds 0.3 t - 2.5; below severity 1 it comes from -10, "
                   "where all survive",
                   {.8, 1.6, 2.4, 4.0, 5.6}, {.7, 1.4, 2.1, 3.5, 4.2}, -10.0);
    info.summary = "evenly scattered pixels of the picture turn black (blue noise: no two clumps, no two gaps)";
    return info;
}

MISFIRE_VECTOR_CLONES void keep_grey(const std::uint8_t* in, const float* noise, float threshold, std::uint8_t* out,
                                     std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) out[i] = noise[i] > threshold ? in[i] : std::uint8_t{0};
}

MISFIRE_VECTOR_CLONES void keep_colour(const std::uint8_t* in, const float* noise, float threshold, std::uint8_t* out,
                                       std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const auto mask = static_cast<std::uint8_t>(noise[i] > threshold ? 0xFF : 0);
        for (std::size_t c = 0; c < 3; ++c) out[3 * i + c] = in[3 * i + c] & mask;
    }
}

class BlueNoiseSample final : public PublishedUnit {
  public:
    explicit BlueNoiseSample(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        auto& noise = scratch.floats[0];
        spectral_noise(in.height, in.width, Spectrum::blue, random, 0, noise, scratch);
        const auto threshold = static_cast<float>(strength(parameters(in, severity)[0], 3.0) - 2.5);
        shape_like(in, out);
        const auto keep = in.channels == 3 ? keep_colour : keep_grey;
        keep(in.pixels.data(), noise.data(), threshold, out.pixels.data(), noise.size());
    }
};

}  // namespace

namespace units {
PerturbationEntry blue_noise_sample() { return {describe, make_unit<BlueNoiseSample>}; }
}  // namespace units

}  // namespace misfire
