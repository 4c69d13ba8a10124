#include "perturbations/smooth_plane.h"

#include <opencv2/imgproc.hpp>

namespace misfire {

void smooth_plane(std::span<float> plane, int height, int width, double sigma) {
    cv::Mat view(height, width, CV_32F, plane.data());
    cv::GaussianBlur(view, view, cv::Size(), sigma, sigma, cv::BORDER_REFLECT_101);
}

}  // namespace misfire
