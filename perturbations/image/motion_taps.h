// ImageMagick's MotionBlurImage: a one-sided half Gaussian along a line of nearest pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "core/perturbation.h"

namespace misfire {

struct MotionTap {
    int dx;  // px to the right of the pixel
    int dy;  // px below it
    double weight;
};

// 2 * radius + 1 taps (a fraction of a tap weighs accordingly less) with weights exp(-i^2 / (2 sigma^2)), normalised;
// tap i lies at (ceil(i cos - 1/2), ceil(i sin - 1/2)). Requires radius >= 0, sigma > 0 (px).
std::vector<MotionTap> motion_taps(double radius, double sigma, double angle_degrees);

// out(p) = sum of weight * in(p + offset), edges replicated, in the 16-bit arithmetic of ImageMagick Q16 writing 8
// bits: floor(257 v + 1/2) div 257, which truncates. `in` and `out` are height x width x channels; they may not
// overlap.
void apply_motion(const std::uint8_t* in, int height, int width, int channels, const std::vector<MotionTap>& taps,
                  std::uint8_t* out, std::vector<float>& work);

}  // namespace misfire
