// Noise in proportion to the pixel.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.h"
#include "core/random.h"

namespace misfire {

// out = in * (1 + deviation * normal), one standard normal draw of `stream` per value, cut to 8 bits.
void add_speckle_noise(const Image& in, const Random& random, std::uint32_t stream, double deviation, Image& out,
                       std::vector<float>& buffer);

}  // namespace misfire
