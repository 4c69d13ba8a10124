#include "harness/pictures/film_frame.h"

#include <algorithm>
#include <cmath>

#include "harness/pictures/canvas.h"
#include "scenarios/data/geometry.h"

namespace misfire {

namespace {

constexpr int picture_side = 448;  // longer side on the frame; small pictures are enlarged by a whole factor up to it
constexpr int margin = 24;
constexpr int text_height = 74;

Image enlarged(const Image& image, int factor) {
    Image out(image.height * factor, image.width * factor, image.channels);
    std::uint8_t* to = out.pixels.data();
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) {
            const std::size_t from = static_cast<std::size_t>((y / factor) * image.width + x / factor) *
                                     static_cast<std::size_t>(image.channels);
            for (int c = 0; c < image.channels; ++c) *to++ = image.pixels[from + static_cast<std::size_t>(c)];
        }
    }
    return out;
}

Image sized(const Image& image) {
    const int longer = std::max(image.width, image.height);
    if (longer <= picture_side) return enlarged(image, std::max(1, picture_side / longer));
    const auto part = [&](int side) { return std::max(1, side * picture_side / longer); };
    return resize_bilinear(image, part(image.height), part(image.width));
}

}  // namespace

Image draw_walk_frame(const Image& picture, const WalkFrame& frame, const SheetTheme& theme) {
    const Image shown = sized(picture);
    const int width = std::max(shown.width, picture_side) + 2 * margin;
    const int height = margin + shown.height + text_height + margin;
    const Surface surface = make_pixels(width, height);
    Canvas canvas(surface.get(), theme.font);
    canvas.fill({0, 0, width, height}, theme.paper);
    const SheetRectangle place{(width - shown.width) / 2, margin, shown.width, shown.height};
    canvas.image(shown, place);
    const int text_width = width - 2 * margin;
    const int top = margin + shown.height + 14;
    canvas.text(frame.title, {15, true, PANGO_ALIGN_LEFT, 0}, margin, top, theme.ink);
    canvas.text(frame.answer, {15, false, PANGO_ALIGN_RIGHT, text_width}, margin, top,
                frame.broken ? theme.accent : theme.faint);
    const int bar = top + 38;
    const auto at = [&](double part) { return margin + static_cast<int>(std::lround(part * text_width)); };
    canvas.fill({margin, bar + 2, text_width, 2}, theme.faint);
    if (frame.break_from >= 0.0)
        canvas.fill({at(frame.break_from), bar, std::max(at(frame.break_to) - at(frame.break_from), 3), 6},
                    theme.accent);
    canvas.fill({at(frame.at) - 2, bar - 5, 4, 16}, theme.ink);
    canvas.check();
    return to_image(surface.get());
}

}  // namespace misfire
