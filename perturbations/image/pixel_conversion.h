// Between 8-bit pixels and the unit range in which the published algorithms compute.
#pragma once

#include <cstddef>
#include <cstdint>

namespace misfire {

void to_unit_range(const std::uint8_t* in, double* out, std::size_t count);

// clip(x, 0, 1) * 255, cut (not rounded) to 8 bits.
void cut_to_bytes(const double* in, std::uint8_t* out, std::size_t count);

}  // namespace misfire
