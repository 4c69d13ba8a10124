#include <opencv2/imgproc.hpp>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

constexpr const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr int alphabet_size = 62;
constexpr int most_lines = 4;
constexpr int letters_per_line = 12;  // as many as the narrowest lines of a wide image hold; the rest is cut off
constexpr int drawn_height = 64;      // px of a line before it is shrunk: OpenCV draws these letters in whole pixels

// Coverage by ink, 0..255, of lines that fill a canvas of the proportions of the image.
cv::Mat draw_lines(const Image& shape, const Random& random) {
    float count = 0.0F;
    random.uniform({&count, 1}, 1);
    const int lines = 1 + static_cast<int>(count * most_lines);
    std::int32_t letters[most_lines * letters_per_line];
    random.integers(letters, 0, alphabet_size, 2);
    const int height = lines * drawn_height;
    cv::Mat canvas = cv::Mat::zeros(height, std::max(1, height * shape.width / shape.height), CV_8U);
    for (int line = 0; line < lines; ++line) {
        std::string text;
        for (int i = 0; i < letters_per_line; ++i) text += alphabet[letters[line * letters_per_line + i]];
        constexpr double font_scale = 2.0;
        constexpr int thickness = 7;
        const cv::Point start(drawn_height / 12, line * drawn_height + drawn_height * 5 / 6);
        cv::putText(canvas, text, start, cv::FONT_HERSHEY_DUPLEX, font_scale, 255, thickness, cv::LINE_AA);
    }
    return canvas;
}

class Text : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{.name = "text",
                                           .summary = "drawn letters and figures in lines on a blank of one colour",
                                           .distance = GeneratedSetInfo::Distance::far,
                                           .needs = GeneratedSetInfo::Needs::nothing,
                                           .severity_meaning = contrast_meaning,
                                           .reference = "our own; letters: Hershey Duplex of OpenCV"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch&) const override {
        shape_as(input.image, out);
        cv::Mat ink;
        cv::resize(draw_lines(out, random), ink, {out.width, out.height}, 0, 0, cv::INTER_AREA);
        const auto colours = two_colours(random, 0);
        std::size_t pixel = 0;
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x)
                put_mixed(out, pixel++, colours, ink.at<std::uint8_t>(y, x) / 255.0, contrast_at(severity));
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& text() {
    static const Text set;
    return set;
}
}  // namespace generated

}  // namespace misfire
