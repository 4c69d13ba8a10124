// Clouds of noise whose amplitude falls with the square of the frequency, one field per channel, added to the image.
#include "perturbations/image/c_bar.h"
#include "perturbations/image/field_overlay.h"
#include "perturbations/image/spectral_noise.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info = c_bar_info("brownish_noise", 1, "standard deviation of the noise is 6.4 t grey levels",
                                       {1, 2, 3, 4, 5}, {2.5, 4, 5.5, 6.5, 7});
    info.summary = "soft coloured clouds added to the picture (noise of the lowest frequencies)";
    return info;
}

class BrownishNoise final : public PublishedUnit {
  public:
    explicit BrownishNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        ChannelFields fields{};
        for (std::size_t c = 0; c < static_cast<std::size_t>(in.channels); ++c) {
            spectral_noise(in.height, in.width, Spectrum::brownish, random, static_cast<std::uint32_t>(c),
                           scratch.floats[c], scratch);
            fields[c] = scratch.floats[c].data();
        }
        shape_like(in, out);
        overlay_fields(in, fields, 1.0, strength(parameters(in, severity)[0], 64.0), out);
    }
};

}  // namespace

namespace units {
PerturbationEntry brownish_noise() { return {describe, make_unit<BrownishNoise>}; }
}  // namespace units

}  // namespace misfire
