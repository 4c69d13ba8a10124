// The quick half of gaussian_bytes.h. Its source is compiled with contraction: whatever its sums round to, values near
// enough to the edge of a level are reported, and made anew by the caller.
#pragma once

#include <vector>

#include "core/perturbation.h"

namespace misfire {

constexpr std::size_t doubt_block = 64;  // values

// out = trunc(Gaussian of `in`) in single precision, with this right half of the kernel and edges replicated.
// `doubtful` becomes the list of the values nearer than `doubt` levels to a whole one, unless there are too many for it
// to matter. Returns how many blocks of a row's values have some. Uses floats 0 and 1.
std::size_t quick_gaussian(const Image& in, const std::vector<double>& kernel, float doubt, Image& out,
                           std::vector<std::int32_t>& doubtful, Scratch& scratch);

}  // namespace misfire
