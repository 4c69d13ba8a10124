// Encoding to JPEG in memory and back: jpeg_compression, and the re-save of the published ImageNet-C files (quality
// 85).
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.h"

namespace misfire {

// Encodes `in` (grey or RGB) at IJG `quality` in 1..100 with 4:2:0 chroma, baseline tables and the accurate integer
// DCT, then decodes it with smooth chroma upsampling into `out`: what Pillow does by default. `buffer` is overwritten
// with the file. Throws DataError when libjpeg refuses (sides above 65500 px).
void jpeg_roundtrip(const Image& in, int quality, Image& out, std::vector<std::uint8_t>& buffer);

}  // namespace misfire
