// JPEG through libjpeg itself: OpenCV hides that a file was cut short and prints libjpeg's warnings.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/image.h"

namespace misfire {

// RGB or grey pixels as stored, before EXIF orientation, which is returned in `orientation` (1..8). Throws DataError
// beginning with `name` when the data is broken or ends early.
Image decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& name, int& orientation);

}  // namespace misfire
