// What the first bytes of an image file tell, so that broken, cut or gigantic files are refused before a decoder meets
// them. OpenCV's decoders print to stderr, or hand out half-grey pictures, when a file is cut short.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace misfire {

enum class ImageFormat { jpeg, png, bmp, tiff, webp, pnm };

struct ImageHeader {
    ImageFormat format = ImageFormat::jpeg;
    std::int64_t width = 0;  // 0 for JPEG: libjpeg reads it
    std::int64_t height = 0;
    bool grey_with_alpha = false;
    int orientation =
        1;  // EXIF, 1..8, still to be applied; 1 for JPEG (read by its decoder) and TIFF (applied by OpenCV)
    // TIFF with unassociated alpha: where its ExtraSamples value lies; 0 otherwise.
    std::size_t extra_samples_at = 0;
};

// Recognises the format and checks that everything the header promises lies inside the file (PNG: every chunk and its
// checksum). Throws DataError beginning with `name`.
ImageHeader inspect_image(std::span<const std::uint8_t> bytes, const std::string& name);

// Orientation out of an EXIF block, with or without its "Exif\0\0"; 1 where there is none or it is out of range.
int exif_orientation(std::span<const std::uint8_t> block);

// Throws DataError when width or height is below 1 or their product above max_image_pixels.
void check_image_size(std::int64_t width, std::int64_t height, const std::string& name);

}  // namespace misfire
