// scipy.ndimage.gaussian_filter in double: separable, vertical pass first, sums in SciPy's order.
#pragma once

#include <cstddef>
#include <vector>

#include "core/perturbation.h"

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

// trunc(255 clip(Gaussian of in / 255)) with kernel cut at four sigma and edges replicated: the bytes of filtering in
// double, mostly computed in single precision. `out` has the shape of `in` and is not `in`. Uses floats 0 and 1,
// doubles 0 and 1 and bytes 3.
void gaussian_blur_bytes(const Image& in, double sigma, Image& out, Scratch& scratch);

}  // namespace misfire
