#include "scenarios/data/decode.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/error.h"
#include "scenarios/data/decode_jpeg.h"
#include "scenarios/data/image_header.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

std::vector<std::uint8_t> read_bytes(const fs::path& file) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found)
        throw DataError(file.string() + " is missing. Put it there, or take it out of the data.");
    if (status.type() == fs::file_type::directory) throw DataError(file.string() + " is a folder, not an image.");
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) throw DataError(file.string() + " cannot be read: " + std::strerror(errno) + ".");
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0)));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!in) throw DataError(file.string() + " cannot be read to its end: " + std::strerror(errno) + ".");
    return bytes;
}

// Interleaved grey, BGR or BGRA of 8 or 16 bits to grey or RGB of 8.
Image from_opencv(const cv::Mat& mat, bool grey, const std::string& name) {
    const int depth = mat.depth();
    if (depth != CV_8U && depth != CV_16U) {
        throw DataError(name +
                        " has samples that are neither 8 nor 16 bits wide. Convert it to 8 bits first: how to scale "
                        "them is your choice.");
    }
    const int channels = mat.channels();
    if (channels != 1 && channels != 3 && channels != 4) {
        throw DataError(name + " has " + std::to_string(channels) +
                        " channels; grey, RGB and either with alpha can be read.");
    }
    Image image(mat.rows, mat.cols, channels == 1 || grey ? 1 : 3);
    const std::size_t sample_bytes = depth == CV_8U ? 1 : 2;
    const std::size_t high_byte = sample_bytes - 1;  // little-endian memory
    std::uint8_t* out = image.pixels.data();
    for (int y = 0; y < mat.rows; ++y) {
        const std::uint8_t* in = mat.ptr(y) + high_byte;
        for (int x = 0; x < mat.cols; ++x, in += static_cast<std::size_t>(channels) * sample_bytes) {
            for (int c = image.channels - 1; c >= 0; --c) *out++ = in[static_cast<std::size_t>(c) * sample_bytes];
        }
    }
    return image;
}

Image decode_with_opencv(std::span<const std::uint8_t> bytes, const ImageHeader& header, const std::string& name) {
    // What OpenCV would log about a broken file is in the exception below.
    static const auto silent = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    static_cast<void>(silent);
    std::vector<std::uint8_t> patched;
    if (header.extra_samples_at != 0) {
        // libtiff multiplies colours by unassociated alpha on its way to RGBA; alpha declared as associated leaves them
        // alone.
        patched.assign(bytes.begin(), bytes.end());
        for (const std::size_t at : {header.extra_samples_at, header.extra_samples_at + 1}) {
            if (patched[at] == 2) patched[at] = 1;
        }
        bytes = patched;
    }
    cv::Mat mat;
    try {
        // imdecode only reads, but cv::Mat knows no read-only memory.
        const cv::Mat file(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t*>(bytes.data()));
        mat = cv::imdecode(file, cv::IMREAD_UNCHANGED);
    } catch (const cv::Exception& error) {
        throw DataError(name + " is broken: " + error.err + ". Copy it again, or take it out of the data.");
    }
    if (mat.empty())
        throw DataError(name + " is broken: its pixels cannot be decoded. Copy it again, or take it out of the data.");
    return from_opencv(mat, header.grey_with_alpha, name);
}

// The image turned as its EXIF orientation says: the pixel at (y, x) comes from `first + y * row_step + x *
// column_step`.
Image oriented(Image image, int orientation) {
    if (orientation == 1) return image;
    const bool swapped = orientation >= 5;
    Image out(swapped ? image.width : image.height, swapped ? image.height : image.width, image.channels);
    const std::ptrdiff_t width = image.width;
    const std::ptrdiff_t last_row = (image.height - 1) * width;
    const std::ptrdiff_t last_column = image.width - 1;
    struct Walk {
        std::ptrdiff_t first, row_step, column_step;
    };
    const std::array<Walk, 9> walks = {{{0, width, 1},
                                        {0, width, 1},
                                        {last_column, width, -1},
                                        {last_row + last_column, -width, -1},
                                        {last_row, -width, 1},
                                        {0, 1, width},
                                        {last_row, 1, -width},
                                        {last_row + last_column, -1, -width},
                                        {last_column, -1, width}}};
    const Walk walk = walks[static_cast<std::size_t>(orientation)];
    std::uint8_t* to = out.pixels.data();
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) {
            const std::ptrdiff_t from = (walk.first + y * walk.row_step + x * walk.column_step) * image.channels;
            for (int c = 0; c < image.channels; ++c) *to++ = image.pixels[static_cast<std::size_t>(from + c)];
        }
    }
    return out;
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> bytes, const std::string& name) {
    const ImageHeader header = inspect_image(bytes, name);
    if (header.format != ImageFormat::jpeg)
        return oriented(decode_with_opencv(bytes, header, name), header.orientation);
    int orientation = 1;
    Image image = decode_jpeg(bytes, name, orientation);
    return oriented(std::move(image), orientation);
}

Image decode_image(const fs::path& file) { return decode_image(read_bytes(file), file.string()); }

bool has_image_extension(const fs::path& file) {
    static constexpr std::array<std::string_view, 12> known = {".jpg", ".jpeg", ".jpe",  ".png", ".bmp", ".dib",
                                                               ".tif", ".tiff", ".webp", ".pbm", ".pgm", ".ppm"};
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::find(known.begin(), known.end(), extension) != known.end();
}

}  // namespace misfire
