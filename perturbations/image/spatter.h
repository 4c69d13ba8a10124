// Water on the lens, with the layer in the caller's hand.
#pragma once

#include <vector>

#include "core/perturbation.h"

namespace misfire {

// field: [height, width], how much water lies where; below `threshold` it is dry. strength: fraction of white. Uses
// floats 0 and bytes 0 of the scratch.
void lay_water_over(const Image& in, const std::vector<double>& field, double threshold, double strength, Image& out,
                    Scratch& scratch);

}  // namespace misfire
