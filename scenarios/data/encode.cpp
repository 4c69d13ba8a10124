#include "scenarios/data/encode.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include <jpeglib.h>

#include "core/error.h"

namespace misfire {

namespace {

// libjpeg reports errors by leaving its own call: a jump, because exceptions must not cross C frames.
struct ErrorManager {
    jpeg_error_mgr base;  // first, so that libjpeg's pointer to it is a pointer to us
    std::jmp_buf leave;
    char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave_libjpeg(j_common_ptr info) {
    auto* errors = reinterpret_cast<ErrorManager*>(info->err);
    errors->base.format_message(info, errors->message);
    std::longjmp(errors->leave, 1);
}

void say_nothing(j_common_ptr) {}

void set_form(jpeg_compress_struct& encoder, const JpegForm& form) {
    jpeg_set_defaults(&encoder);  // accurate integer DCT; YCbCr with 2 x 2 subsampled chroma
    jpeg_set_quality(&encoder, form.quality, TRUE);
    encoder.optimize_coding = form.optimised ? TRUE : FALSE;
    if (encoder.num_components == 3 && !form.subsampled_chroma) {
        encoder.comp_info[0].h_samp_factor = 1;
        encoder.comp_info[0].v_samp_factor = 1;
    }
}

// False with errors.message set; nothing in it has a destructor that the jump could skip.
bool encode(const Image& image, const JpegForm& form, ErrorManager& errors, unsigned char*& file, unsigned long& size) {
    jpeg_compress_struct encoder;
    encoder.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = leave_libjpeg;
    errors.base.output_message = say_nothing;
    errors.message[0] = '\0';
    jpeg_create_compress(&encoder);
    if (setjmp(errors.leave) != 0) {
        jpeg_destroy_compress(&encoder);
        return false;
    }
    jpeg_mem_dest(&encoder, &file, &size);
    encoder.image_width = static_cast<JDIMENSION>(image.width);
    encoder.image_height = static_cast<JDIMENSION>(image.height);
    encoder.input_components = image.channels;
    encoder.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    set_form(encoder, form);
    jpeg_start_compress(&encoder, TRUE);
    const std::size_t stride = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    while (encoder.next_scanline < encoder.image_height) {
        auto* row = const_cast<JSAMPROW>(image.pixels.data() + encoder.next_scanline * stride);
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    return true;
}

std::string size_text(const Image& image) { return std::to_string(image.width) + " x " + std::to_string(image.height); }

}  // namespace

std::vector<std::uint8_t> encode_jpeg(const Image& image, const JpegForm& form) {
    ErrorManager errors;
    unsigned char* file = nullptr;
    unsigned long size = 0;
    const bool good = encode(image, form, errors, file, size);
    const std::unique_ptr<unsigned char, decltype(&std::free)> owner(file, &std::free);
    if (!good) {
        throw DataError("An image of " + size_text(image) + " px cannot be written as JPEG: " + errors.message +
                        ". Write PNG.");
    }
    return {file, file + size};
}

std::vector<std::uint8_t> encode_png(const Image& image) {
    // cv::Mat knows no read-only memory; nothing is written to it.
    const cv::Mat pixels(image.height, image.width, image.channels == 1 ? CV_8UC1 : CV_8UC3,
                         const_cast<std::uint8_t*>(image.pixels.data()));
    std::vector<std::uint8_t> bytes;
    try {
        cv::Mat bgr;
        if (image.channels == 3) cv::cvtColor(pixels, bgr, cv::COLOR_RGB2BGR);
        if (cv::imencode(".png", image.channels == 3 ? bgr : pixels, bytes)) return bytes;
    } catch (const cv::Exception& error) {
        throw DataError("An image of " + size_text(image) + " px cannot be written as PNG: " + error.err + ".");
    }
    throw DataError("An image of " + size_text(image) + " px cannot be written as PNG.");
}

}  // namespace misfire
