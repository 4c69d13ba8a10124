// Image files to 8-bit pixels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/image.h"

namespace misfire {

// More pixels than this are refused before memory is asked for (the limit at which Pillow refuses).
constexpr std::int64_t max_image_pixels = 178'956'970;

// JPEG, PNG, BMP, TIFF (first page), WebP or PNM to RGB or grey, as Pillow's open() and convert("RGB") (grey stays one
// channel):
// - EXIF orientation (1..8) is applied, once;
// - alpha is dropped, not composited; palettes and 1-bit images are expanded; grey with alpha becomes grey;
// - 16-bit samples keep their high byte. So does Pillow with 16-bit RGB; its 16-bit grey is clipped at 255, which turns
// scans
//   white, and is not imitated;
// - CMYK JPEGs are taken as Adobe writes them (inverted) and converted without a colour profile; embedded profiles are
// ignored;
// - the pixels of JPEG files are libjpeg-turbo's, bit for bit those of a Pillow built on the same library.
// Throws DataError naming the file and the reason: missing, empty, no image of these formats, broken, cut short, too
// large, or samples that are neither 8 nor 16 bits wide. Thread-safe.
Image decode_image(const std::filesystem::path& file);

// The same from memory; `name` is for messages.
Image decode_image(std::span<const std::uint8_t> bytes, const std::string& name);

// True for file names that end like one of the formats above, in either case.
bool has_image_extension(const std::filesystem::path& file);

}  // namespace misfire
