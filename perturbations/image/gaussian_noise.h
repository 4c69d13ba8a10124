// Additive noise of one standard deviation.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.h"
#include "core/random.h"

namespace misfire {

// out = in + deviation * normal (fractions of white), one standard normal draw of `stream` per value, cut to 8 bits.
void add_gaussian_noise(const Image& in, const Random& random, std::uint32_t stream, double deviation, Image& out,
                        std::vector<float>& buffer);

}  // namespace misfire
