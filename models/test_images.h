// Synthetic pictures that a model is tried on before any data is at hand.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.h"

namespace misfire {

// [rows, form.channels, height, width] row-major, already in tensor form. Row r is, by r % 4: white noise, a ramp, soft
// stripes, blocks of random colour; always the same. No row is constant, and no two rows are equal.
std::vector<float> test_images(std::int64_t rows, const TensorForm& form, int height, int width);

}  // namespace misfire
