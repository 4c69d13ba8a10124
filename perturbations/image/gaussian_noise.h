// Additive noise of one standard deviation.
#pragma once

#include <span>

#include "core/image.h"

namespace misfire {

// out = in + deviation * normal (fractions of white; one standard normal draw per value), cut to 8 bits.
void add_gaussian_noise(const Image& in, std::span<const float> normal, double deviation, Image& out);

}  // namespace misfire
