#include "harness/pictures/canvas.h"

#include <cstdint>
#include <cstring>

#include "core/error.h"

namespace misfire {

namespace {

void require(cairo_status_t status) {
    if (status != CAIRO_STATUS_SUCCESS)
        throw InternalError(std::string("Cairo cannot draw: ") + cairo_status_to_string(status) + ".");
}

// Lines may end behind these characters: a zero width space follows them.
std::string with_breaks(const std::string& text, const std::string& characters) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (characters.find(c) != std::string::npos) out += "\u200b";
    }
    return out;
}

// Interleaved rows to Cairo's native-endian 0x00RRGGBB words.
Surface from_image(const Image& image) {
    Surface surface = make_pixels(image.width, image.height);
    cairo_surface_flush(surface.get());
    unsigned char* rows = cairo_image_surface_get_data(surface.get());
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
    const std::uint8_t* in = image.pixels.data();
    for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
        for (std::size_t x = 0; x < static_cast<std::size_t>(image.width); ++x, in += image.channels) {
            const std::uint32_t red = in[0];
            const std::uint32_t green = image.channels == 3 ? in[1] : red;
            const std::uint32_t blue = image.channels == 3 ? in[2] : red;
            const std::uint32_t word = red << 16 | green << 8 | blue;
            std::memcpy(rows + y * stride + 4 * x, &word, sizeof word);
        }
    }
    cairo_surface_mark_dirty(surface.get());
    return surface;
}

}  // namespace

Surface make_pixels(int width, int height) {
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    require(cairo_surface_status(surface.get()));
    return surface;
}

Image to_image(cairo_surface_t* surface) {
    cairo_surface_flush(surface);
    Image image(cairo_image_surface_get_height(surface), cairo_image_surface_get_width(surface), 3);
    const unsigned char* rows = cairo_image_surface_get_data(surface);
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
    std::uint8_t* out = image.pixels.data();
    for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
        for (std::size_t x = 0; x < static_cast<std::size_t>(image.width); ++x) {
            std::uint32_t word = 0;
            std::memcpy(&word, rows + y * stride + 4 * x, sizeof word);
            *out++ = static_cast<std::uint8_t>(word >> 16);
            *out++ = static_cast<std::uint8_t>(word >> 8);
            *out++ = static_cast<std::uint8_t>(word);
        }
    }
    return image;
}

Canvas::Canvas(cairo_surface_t* surface, std::string font) : context_(cairo_create(surface)), font_(std::move(font)) {
    require(cairo_status(context_.get()));
    // Shapes and advances that do not depend on the machine's taste in fonts.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(context_.get(), options);
    cairo_font_options_destroy(options);
}

Layout Canvas::layout(const std::string& text, const TextStyle& style) const {
    Layout layout(pango_cairo_create_layout(context_.get()));
    if (exact_glyphs_) {
        pango_context_set_round_glyph_positions(pango_layout_get_context(layout.get()), FALSE);
        pango_layout_context_changed(layout.get());
    }
    PangoFontDescription* font = pango_font_description_new();
    pango_font_description_set_family(font, font_.c_str());
    pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_alignment(layout.get(), style.align);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    if (style.width == 0) return layout;
    // Between the units of a chain where that is enough, otherwise between the words of a name, too.
    pango_layout_set_width(layout.get(), style.width * PANGO_SCALE);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD);
    for (const char* breaks : {"+/", "+/_"}) {
        const std::string shown = with_breaks(text, breaks);
        pango_layout_set_text(layout.get(), shown.data(), static_cast<int>(shown.size()));
        PangoRectangle extents;
        pango_layout_get_extents(layout.get(), nullptr, &extents);
        if (extents.width <= style.width * PANGO_SCALE) return layout;
    }
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    return layout;
}

TextSize Canvas::measure(const std::string& text, const TextStyle& style) const {
    if (text.empty()) return {};
    PangoRectangle extents;
    pango_layout_get_extents(layout(text, style).get(), nullptr, &extents);
    return {PANGO_PIXELS_CEIL(extents.width), PANGO_PIXELS_CEIL(extents.height)};
}

void Canvas::text(const std::string& text, const TextStyle& style, double x, double y, Colour colour) {
    if (text.empty()) return;
    cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
    cairo_move_to(context_.get(), x, y);
    pango_cairo_show_layout(context_.get(), layout(text, style).get());
}

void Canvas::fill(const SheetRectangle& place, Colour colour) {
    cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
    cairo_rectangle(context_.get(), place.x, place.y, place.width, place.height);
    cairo_fill(context_.get());
}

void Canvas::frame(const SheetRectangle& place, int thickness, Colour colour) {
    const auto t = static_cast<double>(thickness);
    cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
    cairo_set_line_width(context_.get(), t);
    cairo_rectangle(context_.get(), place.x - t / 2, place.y - t / 2, place.width + t, place.height + t);
    cairo_stroke(context_.get());
}

void Canvas::polyline(const std::vector<CanvasPoint>& points, double width, Colour colour,
                      const std::vector<double>& dashes) {
    if (points.empty()) return;
    cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
    cairo_set_line_width(context_.get(), width);
    cairo_set_line_join(context_.get(), CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(context_.get(), dashes.data(), static_cast<int>(dashes.size()), 0.0);
    cairo_move_to(context_.get(), points.front().x, points.front().y);
    for (const CanvasPoint& point : points) cairo_line_to(context_.get(), point.x, point.y);
    cairo_stroke(context_.get());
    cairo_set_dash(context_.get(), nullptr, 0, 0.0);
}

void Canvas::polygon(const std::vector<CanvasPoint>& points, Colour colour, double opacity) {
    if (points.empty()) return;
    cairo_set_source_rgba(context_.get(), colour.red, colour.green, colour.blue, opacity);
    cairo_move_to(context_.get(), points.front().x, points.front().y);
    for (const CanvasPoint& point : points) cairo_line_to(context_.get(), point.x, point.y);
    cairo_close_path(context_.get());
    cairo_fill(context_.get());
}

void Canvas::mark(int shape, CanvasPoint at, double radius, Colour colour) {
    const auto corner = [&](double x, double y) { return CanvasPoint{at.x + x * radius, at.y + y * radius}; };
    if (shape % 4 == 0) {
        cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
        cairo_arc(context_.get(), at.x, at.y, radius, 0.0, 2.0 * G_PI);
        cairo_fill(context_.get());
    } else if (shape % 4 == 1) {
        polygon({corner(-.9, -.9), corner(.9, -.9), corner(.9, .9), corner(-.9, .9)}, colour, 1.0);
    } else if (shape % 4 == 2) {
        polygon({corner(0, -1.2), corner(1.1, .8), corner(-1.1, .8)}, colour, 1.0);
    } else {
        polygon({corner(0, -1.3), corner(1.3, 0), corner(0, 1.3), corner(-1.3, 0)}, colour, 1.0);
    }
}

void Canvas::image(const Image& image, const SheetRectangle& place) {
    const Surface pixels = from_image(image);
    cairo_save(context_.get());
    cairo_translate(context_.get(), place.x, place.y);
    cairo_scale(context_.get(), static_cast<double>(place.width) / image.width,
                static_cast<double>(place.height) / image.height);
    cairo_set_source_surface(context_.get(), pixels.get(), 0, 0);
    const bool same = place.width == image.width && place.height == image.height;
    cairo_pattern_set_filter(cairo_get_source(context_.get()), same ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
    cairo_rectangle(context_.get(), 0, 0, image.width, image.height);
    cairo_fill(context_.get());
    cairo_restore(context_.get());
}

void Canvas::check() const { require(cairo_status(context_.get())); }

std::string Canvas::family_used() const {
    const Layout any = layout("x", {});
    PangoContext* context = pango_layout_get_context(any.get());
    PangoFont* font = pango_context_load_font(context, pango_layout_get_font_description(any.get()));
    if (font == nullptr) return "";
    PangoFontDescription* description = pango_font_describe(font);
    std::string family = pango_font_description_get_family(description);
    pango_font_description_free(description);
    g_object_unref(font);
    return family;
}

}  // namespace misfire
