// What monitors of inputs look at in an image: three numbers that corruptions move.
#pragma once

#include <array>

#include "core/image.h"

namespace misfire {

// Of all values of an 8-bit image, 0 to 255: brightness (mean), contrast (standard deviation), sharpness (mean absolute
// difference of horizontal neighbours; 0 for a single column).
using ImageInputs = std::array<float, 3>;
ImageInputs image_inputs(const Image& image);

}  // namespace misfire
