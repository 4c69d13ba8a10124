// Where the pixels of a moved picture come from: affine maps and homographies about the centre, and what is seen beyond
// the picture's edge. Bilinear, in OpenCV's fixed point (1/32 px), so the bits do not depend on threads.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "core/perturbation.h"

namespace misfire {

// Beyond the edge: nothing; the edge's pixels again and again (aaa|abcd|ddd); the picture mirrored without repeating
// its edge (dcb|abcd|cba, "reflect-101"); the picture again and again, for patterns (abcd|abcd|abcd).
enum class Border { black, replicate, reflect, repeat };

// The option `border`; `reason` says why the default is what it is.
Option border_option(const std::string& default_value, const std::string& reason);
// Requires `options` to be complete.
Border border_of(const Options& options);

// Positions are in px, x to the right, y down, (0, 0) in the middle of the first pixel; the centre of a picture is
// ((width - 1) / 2, (height - 1) / 2).
cv::Point2d centre_of(const cv::Mat& picture);

// x -> linear (x - from) + to.
cv::Matx23d affine_map(const cv::Matx22d& linear, cv::Point2d from, cv::Point2d to);

// Writes to `out`, which has its shape already and the depth and channels of `in`: out(x) = in(map(x)). A map of three
// rows is a homography; its third coordinate must be positive everywhere on `out`.
void warp(const cv::Mat& in, const cv::Matx23d& map, Border border, const cv::Mat& out);
void warp(const cv::Mat& in, const cv::Matx33d& map, Border border, const cv::Mat& out);

}  // namespace misfire
