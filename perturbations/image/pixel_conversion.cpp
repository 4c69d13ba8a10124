#include "perturbations/image/pixel_conversion.h"

#include "core/vector_clones.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

MISFIRE_VECTOR_CLONES void to_unit_range(const std::uint8_t* in, double* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = in[i] / 255.0;
}

MISFIRE_VECTOR_CLONES void cut_to_bytes(const double* in, std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = cut_to_byte(in[i]);
}

}  // namespace misfire
