// Correlation with a small kernel that is mostly flat, such as a disk: running sums for its inside, single precision
// for its rim, and everything in double wherever the final truncation hangs on it.
#pragma once

#include <vector>

#include "core/perturbation.h"

namespace misfire {

struct KernelTap {
    int dx;  // px to the right of the pixel
    int dy;  // px below it
    double weight;
};

// out = trunc(clip(sum of weight * in, 0, 255)), borders reflected without repeating the edge (cv::BORDER_REFLECT_101).
// The result is that of summing in double in the order of the taps, which go row by row and each row from the left.
// `out` has the shape of `in`. Uses floats 0 and integers of the scratch.
void correlate_taps(const Image& in, const std::vector<KernelTap>& taps, Image& out, Scratch& scratch);

}  // namespace misfire
