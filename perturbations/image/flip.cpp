// The picture mirrored: a selfie camera, a negative the wrong way round, a scan upside down.
#include <opencv2/core.hpp>

#include "perturbations/image/mat_view.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

constexpr std::uint32_t turn_stream = 0;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "flip";
    info.summary = "some samples mirrored, more of them the higher the severity, all at 5 (selfie, upside-down scan)";
    info.category = "geometry";
    info.parameters = {{.name = "share",
                        .unit = "fraction of the samples",
                        .meaning =
                            "that are flipped: a sample is flipped, exactly and for good, from the severity on at "
                            "which the share passes its draw",
                        .identity = 0.0,
                        .published = {{"any", {.2, .4, .6, .8, 1}}}}};
    info.options = {{"axis",
                     "horizontal: left and right change places, which models trained on mirrored pictures hardly "
                     "notice; vertical: above and below; both: a half turn",
                     "horizontal",
                     {"horizontal", "vertical", "both"},
                     false}};
    info.reference = "levels are our own: severity / 5 of the samples";
    return info;
}

int opencv_code(const std::string& axis) {
    if (axis == "horizontal") return 1;
    return axis == "vertical" ? 0 : -1;
}

class Flip final : public PublishedUnit {
  public:
    explicit Flip(const Options& given)
        : PublishedUnit(describe(), given), opencv_code_(opencv_code(options().at("axis"))) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        if (static_cast<double>(random.uniform(turn_stream)) >= parameters(in, severity)[0]) {
            out = in;
            return;
        }
        shape_like(in, out);
        cv::Mat flipped = mat_view(out);
        cv::flip(mat_view(in), flipped, opencv_code_);
    }

  private:
    int opencv_code_;
};

}  // namespace

namespace units {
PerturbationEntry flip() { return {describe, make_unit<Flip>}; }
}  // namespace units

}  // namespace misfire
