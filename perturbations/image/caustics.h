// The net of light at the bottom of a pool.
#pragma once

#include <vector>

#include "core/perturbation.h"

namespace misfire {

// Brightness 0..1 of a height x width view of the pattern at `time`; it repeats after `size` px. Five rounds of waves
// that displace each other (shadertoy.com/view/MdlXz8), as ImageNet-C-bar has them. Uses floats 0.
void caustics(int height, int width, double time, double size, std::vector<double>& field, Scratch& scratch);

}  // namespace misfire
