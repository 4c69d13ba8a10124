// A wide Gaussian at a price that does not grow with its width.
#pragma once

#include "core/perturbation.h"

namespace misfire {

constexpr double smallest_reduced_sigma = 7.0;  // px; below this reducing by 2 costs more than a level

// Gaussian blur with edges replicated, truncated to bytes, of an image reduced by a whole factor, enlarged again in
// straight lines; both take part in the blur, so that the variance is that of `sigma` px. Within a level of the
// Gaussian itself. Uses floats 0 to 2 and integers.
void reduced_gaussian(const Image& in, double sigma, Image& out, Scratch& scratch);

}  // namespace misfire
