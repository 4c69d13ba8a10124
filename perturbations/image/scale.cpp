// The object smaller or larger than the model is used to: seen from farther away or from nearer.
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "perturbations/image/mat_view.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/warp.h"

namespace misfire {

namespace {

constexpr std::uint32_t direction_stream = 0;

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "scale";
    info.summary = "the picture made smaller inside a border, or its middle larger (object far away or near)";
    info.category = "geometry";
    info.monotone = false;
    info.why_not_monotone =
        "the factor only grows, but the pixels of a picture that looks alike at several sizes may come nearer to the "
        "original again";
    info.parameters = {{.name = "factor",
                        .unit = "1",
                        .meaning = "by which lengths grow (direction in) or shrink (direction out, with a border of "
                                   "whole pixels)",
                        .identity = 1.0,
                        .published = {{"any", {1.05, 1.2, 1.6, 2.4, 4}}}}};
    info.options = {
        {"direction",
         "out: everything smaller, with a border around; in: everything larger, the rim is lost; either: one of the "
         "two, drawn for each sample",
         "either",
         {"in", "out", "either"},
         false},
        border_option("black", "mirrored, a small picture would be surrounded by copies of its object")};
    info.reference = "levels are our own; torchvision.transforms.RandomAffine(scale=...) is the usual augmentation";
    return info;
}

class Scale final : public PublishedUnit {
  public:
    explicit Scale(const Options& given)
        : PublishedUnit(describe(), given), border_(border_of(options())), direction_(options().at("direction")) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const double factor = parameters(in, severity)[0];
        const bool drawn_out = random.uniform(direction_stream) < 0.5F;
        shape_like(in, out);
        if (direction_ == "out" || (direction_ == "either" && drawn_out)) {
            shrink(in, factor, out, scratch);
        } else {
            const cv::Point2d centre = centre_of(mat_view(in));
            warp(mat_view(in), affine_map(cv::Matx22d::eye() * (1.0 / factor), centre, centre), border_, mat_view(out));
        }
    }

  private:
    // The border is of whole pixels, the same left and right and above and below, so that area averages of the picture
    // fit between without being resampled once more.
    void shrink(const Image& in, double factor, Image& out, Scratch& scratch) const {
        const auto border = [&](int side) { return static_cast<int>(std::lround(side * (1.0 - 1.0 / factor) / 2.0)); };
        const int left = border(in.width), above = border(in.height);
        const int width = in.width - 2 * left, height = in.height - 2 * above;
        const cv::Mat picture = mat_view(in);
        scratch.bytes[0].resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                                static_cast<std::size_t>(in.channels));
        cv::Mat small(height, width, picture.type(), scratch.bytes[0].data());
        cv::resize(picture, small, small.size(), 0, 0, cv::INTER_AREA);
        warp(small, affine_map(cv::Matx22d::eye(), cv::Point2d(left, above), {0, 0}), border_, mat_view(out));
    }

    Border border_;
    std::string direction_;
};

}  // namespace

namespace units {
PerturbationEntry scale() { return {describe, make_unit<Scale>}; }
}  // namespace units

}  // namespace misfire
