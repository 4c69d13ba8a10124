// Encode at a low quality with the defaults of Pillow (4:2:0 chroma, standard tables, no optimisation) and decode.

#include <cmath>

#include "perturbations/image/jpeg_roundtrip.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "jpeg_compression";
    info.summary = "JPEG at low quality, 4:2:0 chroma: blocks and ringing";
    info.category = "digital";
    info.groups = {"imagenet-c"};
    info.published_order = 14;
    info.monotone = false;
    info.why_not_monotone =
        "on small images a coarser quantisation table can land nearer to the original by luck (seen at 32 px between "
        "neighbouring levels)";
    info.parameters = {
        {.name = "quality",
         .unit = "IJG quality, 1..100",
         .meaning = "scales the quantisation tables; 100 is the mildest, still with halved chroma",
         .whole = true,
         .identity = 100.0,
         .published = {{"32", {80, 65, 58, 50, 40}},
                       {"64", {65, 58, 50, 40, 25}},
                       {"224", {25, 18, 15, 10, 7}},
                       {"299", {23, 16, 13, 8, 5}}}},
        {.name = "error_share",
         .unit = "fraction",
         .meaning = "share of the coding error that is kept; below severity 1 it fades out what even quality 100 does "
                    "to colours",
         .identity = 0.0,
         .published = {
             {"32", {1, 1, 1, 1, 1}}, {"64", {1, 1, 1, 1, 1}}, {"224", {1, 1, 1, 1, 1}}, {"299", {1, 1, 1, 1, 1}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

class JpegCompression final : public PublishedUnit {
  public:
    explicit JpegCompression(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        jpeg_roundtrip(in, static_cast<int>(values[0]), out, scratch.bytes[0]);
        if (values[1] == 1.0) return;
        for (std::size_t i = 0; i < in.size(); ++i) {
            out.pixels[i] =
                static_cast<std::uint8_t>(std::lround(in.pixels[i] + values[1] * (out.pixels[i] - in.pixels[i])));
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry jpeg_compression() { return {describe, make_unit<JpegCompression>}; }
}  // namespace units

}  // namespace misfire
