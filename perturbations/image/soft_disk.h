// Correlation with softened disks: running sums down the columns make the disk, a few taps soften it, in single
// precision; and everything in double, tap by tap, wherever the final truncation hangs on it. What a pixel costs grows
// with the radius, not with its square.
#pragma once

#include <vector>

#include "core/perturbation.h"

namespace misfire {

struct KernelTap {
    int dx;  // px to the right of the pixel
    int dy;  // px below it
    double weight;
};

// `weight` times a disk of ones (columns -r..r, rows -half_height..half_height of each) softened in both directions by
// a kernel with this right half (centre first, at most 2 px more; it sums to 1 with its mirror image).
struct SoftDisk {
    std::vector<int> half_height;
    std::vector<double> soft;
    double weight = 1.0;
};

// The kernel, row by row and each row from the left, and the disks that it is but for the taps `left_over`.
struct SoftDisks {
    std::vector<KernelTap> taps;
    std::vector<SoftDisk> disks;
    std::vector<KernelTap> left_over;
    bool exactly;
    float doubt;  // levels; the quick sum is nearer than this to the exact one
};

// Without `exactly` nothing is summed in
// double.
SoftDisks soft_disks(std::vector<KernelTap> taps, std::vector<SoftDisk> disks, bool exactly);

// out = trunc(clip(sum of weight * in, 0, 255)), borders reflected without repeating the edge (cv::BORDER_REFLECT_101).
// The result is that of summing in double in the order of the taps (if not `exactly`: or the level next to it). `out`
// has the shape of `in` and is not `in`. Uses floats 0, bytes 0 and words of the scratch.
void correlate_soft_disks(const Image& in, const SoftDisks& kernel, Image& out, Scratch& scratch);

}  // namespace misfire
