#include "perturbations/image/warp.h"

#include <opencv2/imgproc.hpp>

namespace misfire {

namespace {

int opencv_border(Border border) {
    switch (border) {
        case Border::black: return cv::BORDER_CONSTANT;
        case Border::replicate: return cv::BORDER_REPLICATE;
        case Border::reflect: return cv::BORDER_REFLECT_101;
        case Border::repeat: return cv::BORDER_WRAP;
    }
    return cv::BORDER_CONSTANT;
}

constexpr int bilinear_by_source = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;

}  // namespace

Option border_option(const std::string& default_value, const std::string& reason) {
    return {"border",
            "what is seen beyond the picture's edge: black, its edge pixels stretched outwards (replicate), or its "
            "mirror image (reflect); " +
                default_value + ", because " + reason,
            default_value,
            {"black", "replicate", "reflect"},
            false};
}

Border border_of(const Options& options) {
    const std::string& name = options.at("border");
    if (name == "replicate") return Border::replicate;
    return name == "reflect" ? Border::reflect : Border::black;
}

cv::Point2d centre_of(const cv::Mat& picture) { return {(picture.cols - 1) / 2.0, (picture.rows - 1) / 2.0}; }

cv::Matx23d affine_map(const cv::Matx22d& linear, cv::Point2d from, cv::Point2d to) {
    const cv::Point2d shift = to - linear * from;
    return {linear(0, 0), linear(0, 1), shift.x, linear(1, 0), linear(1, 1), shift.y};
}

void warp(const cv::Mat& in, const cv::Matx23d& map, Border border, const cv::Mat& out) {
    cv::warpAffine(in, out, map, out.size(), bilinear_by_source, opencv_border(border));
}

void warp(const cv::Mat& in, const cv::Matx33d& map, Border border, const cv::Mat& out) {
    cv::warpPerspective(in, out, map, out.size(), bilinear_by_source, opencv_border(border));
}

}  // namespace misfire
