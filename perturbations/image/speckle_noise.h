// Noise in proportion to the pixel.
#pragma once

#include <span>

#include "core/image.h"

namespace misfire {

// out = in * (1 + deviation * normal) (one standard normal draw per value), cut to 8 bits.
void add_speckle_noise(const Image& in, std::span<const float> normal, double deviation, Image& out);

}  // namespace misfire
