// Cairo and Pango, owned: what the drawing of this folder shares. Not for other rooms.
#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <vector>

#include "core/image.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct CairoDelete {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Surface = std::unique_ptr<cairo_surface_t, CairoDelete>;
using Context = std::unique_ptr<cairo_t, CairoDelete>;
using Layout = std::unique_ptr<PangoLayout, CairoDelete>;

struct TextStyle {
    double size = 13;  // device pixels
    bool bold = false;
    PangoAlignment align = PANGO_ALIGN_LEFT;
    int width = 0;  // device pixels at which lines are broken, also behind + / _; 0: never
};

struct TextSize {
    int width = 0;
    int height = 0;
};

struct CanvasPoint {
    double x = 0.0;
    double y = 0.0;
};

// Texts and images on a surface; Cairo's errors become InternalError.
class Canvas {
  public:
    // Draws on `surface`, which must outlive it.
    Canvas(cairo_surface_t* surface, std::string font);

    TextSize measure(const std::string& text, const TextStyle& style) const;
    void text(const std::string& text, const TextStyle& style, double x, double y, Colour colour);
    void fill(const SheetRectangle& place, Colour colour);
    // A border of this thickness around the outside of a place.
    void frame(const SheetRectangle& place, int thickness, Colour colour);
    // Through the points in order; dashes: lengths on and off, empty for a whole line.
    void polyline(const std::vector<CanvasPoint>& points, double width, Colour colour,
                  const std::vector<double>& dashes = {});
    void polygon(const std::vector<CanvasPoint>& points, Colour colour, double opacity);
    // A filled circle (0), square (1), triangle (2) or diamond (3) of about this radius.
    void mark(int shape, CanvasPoint at, double radius, Colour colour);
    // Puts `image` into the place: pixel by pixel where the sizes agree, otherwise stretched by the output device.
    void image(const Image& image, const SheetRectangle& place);
    void translate(double x, double y) { cairo_translate(context_.get(), x, y); }
    void scale(double factor) { cairo_scale(context_.get(), factor, factor); }
    void rotate(double radians) { cairo_rotate(context_.get(), radians); }
    void save() { cairo_save(context_.get()); }
    void restore() { cairo_restore(context_.get()); }
    // Glyphs where they belong rather than on whole pixels: for vectors, and for text that is scaled.
    void place_glyphs_exactly() { exact_glyphs_ = true; }
    void new_page() { cairo_show_page(context_.get()); }
    void check() const;
    std::string family_used() const;

  private:
    Layout layout(const std::string& text, const TextStyle& style) const;

    Context context_;
    std::string font_;
    bool exact_glyphs_ = false;
};

Surface make_pixels(int width, int height);
Image to_image(cairo_surface_t* surface);

}  // namespace misfire
