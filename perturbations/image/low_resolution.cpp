// Shrunk by averaging areas, enlarged again by bilinear interpolation: a thumbnail or a far crop shown large.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "low_resolution";
    info.summary = "too few pixels, enlarged smoothly: a thumbnail or a strongly zoomed crop";
    info.stage = Stage::source;
    info.category = "camera";
    info.monotone = false;
    info.why_not_monotone =
        "shrunken sides are whole pixels, whose areas fall differently on the picture; a smaller side is not always "
        "the "
        "worse one (seen at 32 px between neighbouring levels)";
    info.parameters = {{.name = "scale",
                        .unit = "fraction of the side",
                        .meaning = "the shrunken sides are this times the original ones, to the nearest whole pixel",
                        .identity = 1.0,
                        .published = {{"any", {.6, .4, .25, .16, .1}}}}};
    info.reference = "OpenCV's resize, INTER_AREA down and INTER_LINEAR up; levels of our own";
    return info;
}

int shrunken(int side, double scale) { return std::max(1, static_cast<int>(std::lround(side * scale))); }

class LowResolution final : public PublishedUnit {
  public:
    explicit LowResolution(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const double scale = parameters(in, severity)[0];
        const cv::Size size(shrunken(in.width, scale), shrunken(in.height, scale));
        const int type = CV_8UC(in.channels);
        auto& buffer = scratch.bytes[0];
        buffer.resize(in.size());
        // OpenCV's inputs are not const, but not written either
        const cv::Mat from(in.height, in.width, type, const_cast<std::uint8_t*>(in.pixels.data()));
        cv::Mat small(size, type, buffer.data());
        cv::resize(from, small, size, 0, 0, cv::INTER_AREA);
        shape_like(in, out);
        cv::Mat to(in.height, in.width, type, out.pixels.data());
        cv::resize(small, to, to.size(), 0, 0, cv::INTER_LINEAR);
    }
};

}  // namespace

namespace units {
PerturbationEntry low_resolution() { return {describe, make_unit<LowResolution>}; }
}  // namespace units

}  // namespace misfire
