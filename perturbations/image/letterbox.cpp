// Black bars on two sides, as where a wide film meets a narrow frame: the picture squeezed between them or covered.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "perturbations/image/mat_view.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

constexpr std::uint32_t orientation_stream = 0;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "letterbox";
    info.summary = "black bars left and right or above and below; the picture is squeezed between them, or covered";
    info.category = "geometry";
    info.monotone = false;
    info.why_not_monotone =
        "bars only grow, but between them the pixels of a squeezed picture may come nearer to the original again";
    info.parameters = {{.name = "bars",
                        .unit = "fraction of the side",
                        .meaning = "that the two bars take together; each is rounded to whole pixels",
                        .identity = 0.0,
                        .published = {{"any", {.1, .25, .4, .55, .75}}}}};
    info.options = {{"style",
                     "squeeze: the whole picture is shrunk, in one direction, to the place between the bars; cover: it "
                     "stays as it is and the bars hide its rim",
                     "squeeze",
                     {"squeeze", "cover"},
                     false},
                    {"orientation",
                     "where the bars are; either: drawn for each sample",
                     "either",
                     {"left-right", "above-below", "either"},
                     false}};
    info.reference =
        "levels are our own; bars of a quarter of the height are those of a 16:9 film in a 4:3 frame (level 2)";
    return info;
}

class Letterbox final : public PublishedUnit {
  public:
    explicit Letterbox(const Options& given)
        : PublishedUnit(describe(), given),
          squeeze_(options().at("style") == "squeeze"),
          orientation_(options().at("orientation")) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const double half = parameters(in, severity)[0] / 2.0;
        const bool drawn_above = random.uniform(orientation_stream) < 0.5F;
        const bool above = orientation_ == "above-below" || (orientation_ == "either" && drawn_above);
        const int bar = static_cast<int>(std::lround(half * (above ? in.height : in.width)));
        const cv::Rect between =
            above ? cv::Rect(0, bar, in.width, in.height - 2 * bar) : cv::Rect(bar, 0, in.width - 2 * bar, in.height);
        shape_like(in, out);
        std::fill(out.pixels.begin(), out.pixels.end(), std::uint8_t{0});
        cv::Mat shown = mat_view(out)(between);
        if (squeeze_) {
            cv::resize(mat_view(in), shown, shown.size(), 0, 0, cv::INTER_AREA);
        } else {
            mat_view(in)(between).copyTo(shown);
        }
    }

  private:
    bool squeeze_;
    std::string orientation_;
};

}  // namespace

namespace units {
PerturbationEntry letterbox() { return {describe, make_unit<Letterbox>}; }
}  // namespace units

}  // namespace misfire
