// scipy.ndimage.gaussian_filter in double: separable, vertical pass first, sums in SciPy's order.
#pragma once

#include <cstddef>
#include <vector>

namespace misfire {

enum class Border {
    nearest,  // a a | a b c d | d d
    reflect   // b a | a b c d | d c
};

// Right half of SciPy's normalised kernel: weight[0] is the centre, radius = int(truncate * sigma + 0.5).
std::vector<double> gaussian_half_kernel(double sigma, double truncate);

// Filters `data` (height x width x channels, interleaved) in place, each channel on its own. A sigma of 0 leaves it as
// it is. `work` is overwritten.
void gaussian_filter(double* data, int height, int width, int channels, double sigma, double truncate, Border border,
                     std::vector<double>& work);

}  // namespace misfire
