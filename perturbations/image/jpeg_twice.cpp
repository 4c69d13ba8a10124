// Compressed, moved against the grid of blocks, compressed again: what re-shared and cropped pictures went through.
#include <algorithm>
#include <cmath>
#include <utility>

#include "perturbations/image/jpeg_roundtrip.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "jpeg_twice";
    info.summary =
        "JPEG at one quality, then again at another with the blocks elsewhere: a picture shared and shared "
        "again";
    info.stage = Stage::source;
    info.category = "camera";
    info.monotone = false;
    info.why_not_monotone =
        "on small images coarser quantisation tables can land nearer to the original by luck (seen at 32 px between "
        "neighbouring levels)";
    info.parameters = {
        {.name = "quality_first",
         .unit = "IJG quality, 1..100",
         .meaning = "of the first compression",
         .whole = true,
         .identity = 100.0,
         .published = {{"any", {75, 55, 35, 20, 12}}}},
        {.name = "quality_second",
         .unit = "IJG quality, 1..100",
         .meaning = "of the second one, whose 8 x 8 grid is moved by 1 to 7 px down and across, drawn for each sample",
         .whole = true,
         .identity = 100.0,
         .published = {{"any", {70, 45, 25, 14, 8}}}},
        {.name = "error_share",
         .unit = "fraction",
         .meaning = "share of the coding error that is kept; below severity 1 it fades out what even quality 100 does "
                    "to colours",
         .identity = 0.0,
         .published = {{"any", {1, 1, 1, 1, 1}}}}};
    info.reference = "libjpeg with 4:2:0 chroma and the tables of ITU-T T.81 annex K; levels of our own";
    return info;
}

constexpr std::uint32_t shift_stream = 0;  // down, across

// `in` with `down` more rows above and `across` more columns to the left, which repeat the rim.
void move_grid(const Image& in, int down, int across, Image& moved) {
    const auto channels = static_cast<std::size_t>(in.channels);
    const std::size_t margin = static_cast<std::size_t>(across) * channels;
    const std::size_t stride = static_cast<std::size_t>(in.width) * channels;
    moved.height = in.height + down;
    moved.width = in.width + across;
    moved.channels = in.channels;
    moved.pixels.resize(static_cast<std::size_t>(moved.height) * (stride + margin));
    for (int y = 0; y < moved.height; ++y) {
        const std::uint8_t* from = in.pixels.data() + static_cast<std::size_t>(std::max(0, y - down)) * stride;
        std::uint8_t* to = moved.pixels.data() + static_cast<std::size_t>(y) * (stride + margin);
        for (std::size_t i = 0; i < margin; ++i) to[i] = from[i % channels];
        std::copy_n(from, stride, to + margin);
    }
}

void move_back(const Image& moved, int down, int across, Image& out) {
    const auto channels = static_cast<std::size_t>(out.channels);
    const std::size_t margin = static_cast<std::size_t>(across) * channels;
    const std::size_t stride = static_cast<std::size_t>(out.width) * channels;
    for (int y = 0; y < out.height; ++y) {
        std::copy_n(moved.pixels.data() + static_cast<std::size_t>(y + down) * (stride + margin) + margin, stride,
                    out.pixels.data() + static_cast<std::size_t>(y) * stride);
    }
}

class JpegTwice final : public PublishedUnit {
  public:
    explicit JpegTwice(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const ParameterValues values = parameters(in, severity);
        std::int32_t shift[2];
        random.integers(shift, 1, 8, shift_stream);
        Image moved, again;  // in memory that outlives them
        moved.pixels = std::move(scratch.bytes[1]);
        again.pixels = std::move(scratch.bytes[2]);
        jpeg_roundtrip(in, static_cast<int>(values[0]), out, scratch.bytes[0]);
        move_grid(out, shift[0], shift[1], moved);
        jpeg_roundtrip(moved, static_cast<int>(values[1]), again, scratch.bytes[0]);
        move_back(again, shift[0], shift[1], out);
        scratch.bytes[1] = std::move(moved.pixels);
        scratch.bytes[2] = std::move(again.pixels);
        if (values[2] == 1.0) return;
        for (std::size_t i = 0; i < in.size(); ++i) {
            out.pixels[i] =
                static_cast<std::uint8_t>(std::lround(in.pixels[i] + values[2] * (out.pixels[i] - in.pixels[i])));
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry jpeg_twice() { return {describe, make_unit<JpegTwice>}; }
}  // namespace units

}  // namespace misfire
