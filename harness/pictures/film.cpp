#include "harness/pictures/film.h"

#include <webp/encode.h>
#include <webp/mux.h>

#include <memory>
#include <string>

#include "core/error.h"

namespace misfire {

namespace {

constexpr int largest_side = WEBP_MAX_DIMENSION;
constexpr int lossless_above = 100;

std::vector<std::uint8_t> as_rgb(const Image& image) {
    if (image.channels == 3) return image.pixels;
    std::vector<std::uint8_t> rgb;
    rgb.reserve(image.pixels.size() * 3);
    for (const std::uint8_t value : image.pixels) rgb.insert(rgb.end(), 3, value);
    return rgb;
}

void require_side(const Image& image) {
    if (image.width > 0 && image.height > 0 && image.width <= largest_side && image.height <= largest_side) return;
    throw UsageError("A WebP picture holds up to " + std::to_string(largest_side) + " px on a side, not " +
                     std::to_string(image.width) + " x " + std::to_string(image.height) + ".");
}

WebPConfig config_of(int quality) {
    WebPConfig config;
    WebPConfigInit(&config);
    config.quality = static_cast<float>(quality > lossless_above ? 50 : quality);
    config.lossless = quality > lossless_above ? 1 : 0;
    config.method = quality > lossless_above ? 2 : 4;
    return config;
}

// A picture of libwebp, freed at the end.
class Picture {
  public:
    Picture(const Image& image, bool argb) {
        WebPPictureInit(&picture_);
        picture_.use_argb = argb ? 1 : 0;
        picture_.width = image.width;
        picture_.height = image.height;
        const std::vector<std::uint8_t> rgb = as_rgb(image);
        if (WebPPictureImportRGB(&picture_, rgb.data(), image.width * 3) == 0) throw std::bad_alloc();
    }
    ~Picture() { WebPPictureFree(&picture_); }
    Picture(const Picture&) = delete;
    Picture& operator=(const Picture&) = delete;
    WebPPicture* get() { return &picture_; }

  private:
    WebPPicture picture_;
};

struct EncoderDelete {
    void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
};

}  // namespace

std::vector<std::uint8_t> encode_webp(const Image& image, int quality) {
    require_side(image);
    const WebPConfig config = config_of(quality);
    Picture picture(image, config.lossless == 1);
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    const std::unique_ptr<WebPMemoryWriter, void (*)(WebPMemoryWriter*)> clear(&writer, WebPMemoryWriterClear);
    picture.get()->writer = WebPMemoryWrite;
    picture.get()->custom_ptr = &writer;
    if (WebPEncode(&config, picture.get()) == 0)
        throw InternalError("libwebp cannot encode a picture (code " + std::to_string(picture.get()->error_code) +
                            ").");
    return {writer.mem, writer.mem + writer.size};
}

std::vector<std::uint8_t> encode_film(const std::vector<FilmFrame>& frames, int quality) {
    if (frames.empty()) throw UsageError("A film needs at least one frame.");
    for (const FilmFrame& frame : frames) require_side(frame.image);
    WebPAnimEncoderOptions options;
    WebPAnimEncoderOptionsInit(&options);
    options.anim_params.loop_count = 0;
    options.allow_mixed = 0;
    const std::unique_ptr<WebPAnimEncoder, EncoderDelete> encoder(
        WebPAnimEncoderNew(frames.front().image.width, frames.front().image.height, &options));
    const auto require = [&](int done) {
        if (done == 0)
            throw InternalError(std::string("libwebp cannot encode a film: ") + WebPAnimEncoderGetError(encoder.get()) +
                                ".");
    };
    const WebPConfig config = config_of(quality);
    int at = 0;
    for (const FilmFrame& frame : frames) {
        Picture picture(frame.image, true);
        require(WebPAnimEncoderAdd(encoder.get(), picture.get(), at, &config));
        at += frame.milliseconds;
    }
    require(WebPAnimEncoderAdd(encoder.get(), nullptr, at, nullptr));
    WebPData data;
    WebPDataInit(&data);
    const std::unique_ptr<WebPData, void (*)(WebPData*)> clear(&data, WebPDataClear);
    require(WebPAnimEncoderAssemble(encoder.get(), &data));
    return {data.bytes, data.bytes + data.size};
}

}  // namespace misfire
