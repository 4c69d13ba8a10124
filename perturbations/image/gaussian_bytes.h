// Gaussian blur of an 8-bit image.
#pragma once

#include "core/perturbation.h"

namespace misfire {

// trunc(255 clip(Gaussian of in / 255)) with kernel cut at four sigma and edges replicated: the bytes of filtering in
// double, mostly computed in single precision. Above `largest_published` px of sigma there is nothing to match: wide
// Gaussians are made on a reduced image (reduced_gaussian.h) and may be off by one level. `out` has the shape
// of `in` and is not `in`. Uses floats 0 to 2, doubles 0 and 1, and integers.
void gaussian_blur_bytes(const Image& in, double sigma, double largest_published, Image& out, Scratch& scratch);

}  // namespace misfire
