#include "scenarios/data/decode_jpeg.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <vector>

#include <jpeglib.h>

#include <jerror.h>

#include "core/error.h"
#include "scenarios/data/image_header.h"

namespace misfire {

namespace {

// libjpeg reports errors by a callback that must not return, in C: hence setjmp around each call into the library, in
// functions that own nothing that needs a destructor.
class JpegReader {
  public:
    explicit JpegReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
        info_.err = jpeg_std_error(&errors_.base);
        errors_.base.error_exit = on_error;
        errors_.base.emit_message = on_message;
        errors_.base.output_message = [](j_common_ptr) {};
    }
    JpegReader(const JpegReader&) = delete;
    JpegReader& operator=(const JpegReader&) = delete;
    ~JpegReader() { jpeg_destroy_decompress(&info_); }

    bool read_header() {
        if (setjmp(errors_.back) != 0) return false;
        jpeg_create_decompress(&info_);
        jpeg_mem_src(&info_, bytes_.data(), bytes_.size());
        jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
        jpeg_read_header(&info_, TRUE);
        return true;
    }

    bool read_rows(std::uint8_t* out) {
        if (setjmp(errors_.back) != 0) return false;
        info_.out_color_space = info_.num_components == 1   ? JCS_GRAYSCALE
                                : info_.num_components == 4 ? JCS_CMYK
                                                            : JCS_RGB;
        jpeg_start_decompress(&info_);
        const std::size_t row_bytes =
            static_cast<std::size_t>(info_.output_width) * static_cast<std::size_t>(info_.output_components);
        while (info_.output_scanline < info_.output_height) {
            JSAMPROW row = out + row_bytes * info_.output_scanline;
            jpeg_read_scanlines(&info_, &row, 1);
        }
        jpeg_finish_decompress(&info_);
        return true;
    }

    int orientation() const {
        for (const jpeg_marker_struct* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
            if (marker->data_length > 6 && std::memcmp(marker->data, "Exif\0\0", 6) == 0) {
                return exif_orientation({marker->data, marker->data_length});
            }
        }
        return 1;
    }

    int width() const { return static_cast<int>(info_.image_width); }
    int height() const { return static_cast<int>(info_.image_height); }
    int components() const { return info_.num_components; }
    bool ended_early() const { return errors_.ended_early; }
    const char* message() const { return errors_.message; }

  private:
    struct Errors {
        jpeg_error_mgr base{};
        std::jmp_buf back{};
        char message[JMSG_LENGTH_MAX] = {};
        bool ended_early = false;
    };

    static Errors& errors_of(j_common_ptr info) { return *reinterpret_cast<Errors*>(info->err); }

    static void on_error(j_common_ptr info) {
        Errors& errors = errors_of(info);
        errors.base.format_message(info, errors.message);
        std::longjmp(errors.back, 1);
    }

    // Warnings after which pixels are made up are errors here. Others, such as bytes between segments, are common in
    // real collections and harmless.
    static void on_message(j_common_ptr info, int level) {
        if (level >= 0) return;
        Errors& errors = errors_of(info);
        switch (errors.base.msg_code) {
            case JWRN_JPEG_EOF: errors.ended_early = true; [[fallthrough]];
            case JWRN_HIT_MARKER:
            case JWRN_HUFF_BAD_CODE:
            case JWRN_MUST_RESYNC:
            case JWRN_BOGUS_PROGRESSION: on_error(info); break;
            default: ++errors.base.num_warnings; break;
        }
    }

    std::span<const std::uint8_t> bytes_;
    jpeg_decompress_struct info_{};
    Errors errors_;
};

// round(a * b / 255) as Pillow computes it.
int multiply_255(int a, int b) {
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

// Pillow's cmyk2rgb on samples that are stored inverted, as Adobe does.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const int not_black = cmyk[4 * i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            const int ink = 255 - cmyk[4 * i + c];
            rgb[3 * i + c] = static_cast<std::uint8_t>(not_black - multiply_255(ink, not_black));
        }
    }
}

[[noreturn]] void fail(const JpegReader& reader, std::size_t size, const std::string& name) {
    if (reader.ended_early()) {
        throw DataError(name + " is cut short: its JPEG data ends early, after " + std::to_string(size) +
                        " bytes. Copy it again, or take it out of the data.");
    }
    throw DataError(name + " is broken: " + reader.message() + ". Copy it again, or take it out of the data.");
}

}  // namespace

Image decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& name, int& orientation) {
    JpegReader reader(bytes);
    if (!reader.read_header()) fail(reader, bytes.size(), name);
    check_image_size(reader.width(), reader.height(), name);
    const int components = reader.components();
    if (components != 1 && components != 3 && components != 4) {
        throw DataError(name + " has " + std::to_string(components) +
                        " colour components; 1, 3 or 4 can be read. Convert it to PNG.");
    }
    orientation = reader.orientation();
    Image image(reader.height(), reader.width(), components == 1 ? 1 : 3);
    if (components != 4) {
        if (!reader.read_rows(image.pixels.data())) fail(reader, bytes.size(), name);
        return image;
    }
    const std::size_t pixels = image.pixels.size() / 3;
    std::vector<std::uint8_t> cmyk(4 * pixels);
    if (!reader.read_rows(cmyk.data())) fail(reader, bytes.size(), name);
    cmyk_to_rgb(cmyk.data(), image.pixels.data(), pixels);
    return image;
}

}  // namespace misfire
