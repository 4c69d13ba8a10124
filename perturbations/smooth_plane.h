// Gaussian smoothing of one channel of real numbers.
#pragma once

#include <span>

namespace misfire {

// In place; rows of `width` numbers. The border is mirrored without its last row. Requires width and height of at least
// 2 and sigma > 0, in pixels.
void smooth_plane(std::span<float> plane, int height, int width, double sigma);

}  // namespace misfire
