// White letters with a dark outline laid over the picture at a slant, as on previews of stock photographs.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "core/error.h"
#include "core/vector_clones.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/warp.h"
#include "perturbations/table_cache.h"

namespace misfire {

namespace {

constexpr std::uint32_t angle_stream = 0;
constexpr std::uint32_t column_stream = 1;
constexpr std::uint32_t row_stream = 2;

constexpr double largest_slant_degrees = 45.0;
constexpr double line_length = 0.75;       // of a single line, as a fraction of the shorter side
constexpr double tile_length = 0.45;       // of a repeated text
constexpr double least_height = 1 / 12.0;  // of the letters, however long the text, as a fraction of the shorter side

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "watermark";
    info.summary = "a text across the picture at a drawn place and slant (previews, agencies, screenshots)";
    info.category = "geometry";
    info.parameters = {{.name = "opacity",
                        .unit = "fraction",
                        .meaning = "of the letters, white with a black outline",
                        .identity = 0.0,
                        .published = {{"any", {.05, .15, .3, .55, .95}}}}};
    info.options = {{"text", "what is written: printable ASCII, at most 80 characters", "SAMPLE", {}, false},
                    {"layout",
                     "tiled: the text repeated all over the picture; line: once, inside the picture if it fits",
                     "tiled",
                     {"tiled", "line"},
                     false}};
    info.reference = "levels are our own; letters: Hershey Duplex of OpenCV";
    return info;
}

std::string checked(const std::string& text) {
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    const bool visible = std::any_of(text.begin(), text.end(), [](char c) { return c != ' '; });
    constexpr std::size_t longest = 80;
    if (printable && visible && text.size() <= longest) return text;
    throw UsageError("Option `text` of `watermark` cannot be `" + text + "` (" + std::to_string(text.size()) +
                     " bytes): it takes 1 to " + std::to_string(longest) +
                     " printable ASCII characters, not only blanks. Shorten it or write it without accents.");
}

// Two channels: coverage by white letters, and by letters with outline, 0..255; the first is nowhere above the second.
using Ink = cv::Mat;

// Letters 84 px high, to be shrunk: an outline font that OpenCV draws in whole pixels only is smooth that way at any
// size.
Ink large_ink(const std::string& text) {
    constexpr int font = cv::FONT_HERSHEY_DUPLEX, letter = 14, outline = 30;
    constexpr double font_scale = 4.0;
    int below = 0;
    const cv::Size size = cv::getTextSize(text, font, font_scale, outline, &below);
    const cv::Point start(outline, outline / 2 + size.height);
    cv::Mat layers[2];
    for (int layer = 0; layer < 2; ++layer) {
        layers[layer] = cv::Mat::zeros(size.height + below + outline, size.width + 2 * outline, CV_8U);
        cv::putText(layers[layer], text, start, font, font_scale, 255, layer == 0 ? letter : outline, cv::LINE_AA);
    }
    layers[1] = cv::max(layers[0], layers[1]);
    Ink both;
    cv::merge(layers, 2, both);
    return both;
}

// Two lines with the texts of the second between those of the first, to be repeated in both directions.
Ink brick_pattern(const Ink& text) {
    const int width = text.cols + text.rows, height = text.rows * 9 / 5;
    Ink pattern = Ink::zeros(2 * height, width, text.type());
    text.copyTo(pattern(cv::Rect(0, 0, text.cols, text.rows)));
    const int left = width / 2 - text.rows / 2, until_edge = std::min(text.cols, width - left);
    text.colRange(0, until_edge).copyTo(pattern(cv::Rect(left, height, until_edge, text.rows)));
    if (until_edge < text.cols) {
        const int rest = text.cols - until_edge;
        text.colRange(until_edge, text.cols).copyTo(pattern(cv::Rect(0, height, rest, text.rows)));
    }
    return pattern;
}

// in * (1 - opacity * outlined) + white * opacity * letters, rounded.
MISFIRE_VECTOR_CLONES void lay_over(const std::uint8_t* in, const std::uint8_t* ink, float opacity, std::uint8_t* out,
                                    std::size_t pixels, std::size_t channels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const float white = opacity * static_cast<float>(ink[2 * i]) + 0.5F;
        const float clear = 1.0F - opacity * (static_cast<float>(ink[2 * i + 1]) / 255.0F);
        for (std::size_t c = 0; c < channels; ++c) {
            out[i * channels + c] =
                static_cast<std::uint8_t>(static_cast<int>(static_cast<float>(in[i * channels + c]) * clear + white));
        }
    }
}

class Watermark final : public PublishedUnit {
  public:
    explicit Watermark(const Options& given)
        : PublishedUnit(describe(), given),
          tiled_(options().at("layout") == "tiled"),
          large_(large_ink(checked(options().at("text")))) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const auto ink = sized_.get(std::min(in.height, in.width), [&](int side) { return sized_ink(side); });
        const std::size_t pixels = in.size() / static_cast<std::size_t>(in.channels);
        scratch.bytes[0].resize(2 * pixels);
        const cv::Mat laid(in.height, in.width, CV_8UC2, scratch.bytes[0].data());
        warp(*ink, placed(laid, *ink, random), tiled_ ? Border::repeat : Border::black, laid);
        shape_like(in, out);
        lay_over(in.pixels.data(), scratch.bytes[0].data(), static_cast<float>(parameters(in, severity)[0]),
                 out.pixels.data(), pixels, static_cast<std::size_t>(in.channels));
    }

  private:
    Ink sized_ink(int side) const {
        const double factor =
            std::max(side * (tiled_ ? tile_length : line_length) / large_.cols, side * least_height / large_.rows);
        const auto shrunken = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * factor))); };
        Ink text;
        cv::resize(large_, text, {shrunken(large_.cols), shrunken(large_.rows)}, 0, 0, cv::INTER_AREA);
        return tiled_ ? brick_pattern(text) : text;
    }

    // Where on the ink a pixel of the picture lies.
    cv::Matx23d placed(const cv::Mat& picture, const Ink& ink, const Random& random) const {
        const double slant = largest_slant_degrees * std::numbers::pi / 180.0 *
                             (2.0 * static_cast<double>(random.uniform(angle_stream)) - 1.0);
        const double cosine = std::cos(slant), sine = std::sin(slant);
        const double column = static_cast<double>(random.uniform(column_stream)) - 0.5;
        const double row = static_cast<double>(random.uniform(row_stream)) - 0.5;
        cv::Point2d middle = centre_of(picture);
        if (tiled_) {
            middle += cv::Point2d(column * ink.cols, row * ink.rows);  // any phase of the pattern
        } else {
            const double wide = ink.cols * cosine + ink.rows * std::abs(sine);
            const double high = ink.cols * std::abs(sine) + ink.rows * cosine;
            middle +=
                cv::Point2d(column * std::max(0.0, picture.cols - wide), row * std::max(0.0, picture.rows - high));
        }
        return affine_map({cosine, -sine, sine, cosine}, middle, centre_of(ink));
    }

    bool tiled_;
    Ink large_;
    TableCache<int, Ink> sized_;
};

}  // namespace

namespace units {
PerturbationEntry watermark() { return {describe, make_unit<Watermark>}; }
}  // namespace units

}  // namespace misfire
