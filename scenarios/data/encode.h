// 8-bit pixels to image files: the counterpart of decode.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image.h"

namespace misfire {

struct JpegForm {
    int quality = 95;                // 1..100
    bool subsampled_chroma = false;  // true: 4:2:0, one colour value for 2 x 2 pixels; false: 4:4:4
    bool optimised = true;           // Huffman tables made for the image
};

// How the files of ImageNet-C were written: Pillow's save(quality=85, optimize=True).
constexpr JpegForm imagenet_c_jpeg = {85, true, true};

// A baseline JPEG (JFIF) of a grey or RGB image; byte for byte what Pillow writes on the same libjpeg. Throws DataError
// for sides above 65500 px. Thread-safe.
std::vector<std::uint8_t> encode_jpeg(const Image& image, const JpegForm& form);

// A PNG of a grey or RGB image: lossless, 8 bits a channel. Thread-safe.
std::vector<std::uint8_t> encode_png(const Image& image);

}  // namespace misfire
