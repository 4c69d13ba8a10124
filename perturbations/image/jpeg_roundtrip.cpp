#include "perturbations/image/jpeg_roundtrip.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <jpeglib.h>

#include "core/error.h"
#include "perturbations/image/published_unit.h"

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

void prepare(ErrorManager& errors, jpeg_error_mgr*& slot) {
    slot = jpeg_std_error(&errors.base);
    errors.base.error_exit = leave_libjpeg;
    errors.base.output_message = say_nothing;
    errors.message[0] = '\0';
}

// Both functions return false with errors.message set; nothing in them has a destructor that the jump could skip.
bool encode(const Image& in, int quality, ErrorManager& errors, unsigned char*& file, unsigned long& file_size) {
    jpeg_compress_struct encoder;
    prepare(errors, encoder.err);
    jpeg_create_compress(&encoder);
    if (setjmp(errors.leave) != 0) {
        jpeg_destroy_compress(&encoder);
        return false;
    }
    jpeg_mem_dest(&encoder, &file, &file_size);
    encoder.image_width = static_cast<JDIMENSION>(in.width);
    encoder.image_height = static_cast<JDIMENSION>(in.height);
    encoder.input_components = in.channels;
    encoder.in_color_space = in.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&encoder);  // YCbCr with 2x2 subsampled chroma, accurate integer DCT
    jpeg_set_quality(&encoder, quality, TRUE);
    jpeg_start_compress(&encoder, TRUE);
    const std::size_t stride = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
    while (encoder.next_scanline < encoder.image_height) {
        auto* row = const_cast<JSAMPROW>(in.pixels.data() + encoder.next_scanline * stride);
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    return true;
}

bool decode(const unsigned char* file, unsigned long file_size, Image& out, ErrorManager& errors) {
    jpeg_decompress_struct decoder;
    prepare(errors, decoder.err);
    jpeg_create_decompress(&decoder);
    if (setjmp(errors.leave) != 0) {
        jpeg_destroy_decompress(&decoder);
        return false;
    }
    jpeg_mem_src(&decoder, file, file_size);
    jpeg_read_header(&decoder, TRUE);
    decoder.out_color_space = out.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&decoder);
    const std::size_t stride = static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.channels);
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW row = out.pixels.data() + decoder.output_scanline * stride;
        jpeg_read_scanlines(&decoder, &row, 1);
    }
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
    return true;
}

}  // namespace

void jpeg_roundtrip(const Image& in, int quality, Image& out, std::vector<std::uint8_t>& buffer) {
    shape_like(in, out);
    // Room for incompressible noise at quality 100; should it not do, libjpeg allocates a buffer of its own.
    buffer.resize(in.size() * 2 + 4096);
    unsigned char* file = buffer.data();
    unsigned long file_size = buffer.size();
    ErrorManager errors;
    const bool done = encode(in, quality, errors, file, file_size) && decode(file, file_size, out, errors);
    if (file != buffer.data()) std::free(file);
    if (done) return;
    throw DataError("JPEG at quality " + std::to_string(quality) + " of an image of " + std::to_string(in.width) +
                    " x " + std::to_string(in.height) + " px failed: " + errors.message +
                    ". JPEG holds at most 65500 px on a side.");
}

}  // namespace misfire
