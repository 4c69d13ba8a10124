// WebP files: still pictures and films.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.h"

namespace misfire {

// quality: 0..100 of the lossy form, 101: lossless. Throws UsageError for sides above 16383 px (the format's limit).
std::vector<std::uint8_t> encode_webp(const Image& image, int quality);

struct FilmFrame {
    Image image;  // RGB, all of one size
    int milliseconds = 80;
};

// An animated WebP that plays for ever, lossy at `quality`. The same frames give the same bytes. Throws UsageError
// without frames, InternalError with libwebp's words.
std::vector<std::uint8_t> encode_film(const std::vector<FilmFrame>& frames, int quality);

}  // namespace misfire
