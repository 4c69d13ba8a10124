#include "harness/pictures/contact_sheet.h"

#include <cairo-pdf.h>

#include "core/error.h"
#include "harness/pictures/canvas.h"
#include "harness/pictures/sheet_layout.h"
#include "harness/whole_file.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/geometry.h"

namespace misfire {

namespace {

constexpr int largest_side = 32767;  // of Cairo's pixel surfaces
constexpr double pdf_points = 0.5;   // per pixel of the theme

SheetRectangle lowered(SheetRectangle place, int top) {
    place.y += top;
    return place;
}

void draw_texts(Canvas& canvas, const std::vector<PlacedText>& texts, int top, const SheetTheme& theme) {
    for (const PlacedText& text : texts)
        canvas.text(text.text, text.style, text.x, text.y + top,
                    text.accent  ? theme.accent
                    : text.faint ? theme.faint
                                 : theme.ink);
}

// `exact`: the device shows pixels, so the image is brought to its size here. Otherwise it keeps all its pixels, and
// small ones are enlarged, because viewers smooth them.
Image fitted(const Image& image, const SheetRectangle& place, bool exact) {
    const int factor = place.width / image.width;
    if (factor <= 1 && (place.width == image.width || !exact)) return image;
    if (factor < 1) return resize_bilinear(image, place.height, place.width);
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

void draw_page(Canvas& canvas, const ContactSheet& sheet, const SheetLayout& layout, const SheetPage& page,
               const SheetTheme& theme, bool exact) {
    canvas.fill({0, 0, layout.width, page.height}, theme.paper);
    draw_texts(canvas, layout.title, layout.margin, theme);
    for (std::size_t s = page.from; s < page.to; ++s) {
        const PlacedSection& placed = layout.sections[s];
        const int top = page.tops[s - page.from];
        for (std::size_t r = 0; r < placed.cells.size(); ++r) {
            for (std::size_t c = 0; c < placed.cells[r].size(); ++c) {
                const SheetCell& cell = sheet.sections[s].rows[r].cells[c];
                const SheetRectangle place = lowered(placed.cells[r][c], top);
                if (cell.image)
                    canvas.image(fitted(*cell.image, place, exact), place);
                else
                    canvas.fill(place, theme.empty);
            }
        }
        for (const SheetRectangle& framed : placed.frames)
            canvas.frame(lowered(framed, top), layout.frame, theme.accent);
        for (const SheetRectangle& rule : placed.rules) canvas.fill(lowered(rule, top), theme.faint);
        draw_texts(canvas, placed.texts, top, theme);
    }
    draw_texts(canvas, layout.footer, page.footer_top, theme);
    canvas.check();
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned length) {
    auto& bytes = *static_cast<std::vector<std::uint8_t>*>(closure);
    bytes.insert(bytes.end(), data, data + length);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

SheetPlaces places_of(const ContactSheet& sheet, const SheetTheme& theme) {
    const SheetLayout layout = lay_out(sheet, theme);
    const SheetPage page = lay_page(layout, 0, layout.sections.size());
    SheetPlaces places{layout.width, page.height, {}};
    for (std::size_t s = 0; s < layout.sections.size(); ++s) {
        places.cells.push_back(layout.sections[s].cells);
        for (auto& row : places.cells.back()) {
            for (SheetRectangle& cell : row) cell.y += page.tops[s];
        }
    }
    return places;
}

Image draw_sheet(const ContactSheet& sheet, const SheetTheme& theme) {
    const SheetLayout layout = lay_out(sheet, theme);
    const SheetPage page = lay_page(layout, 0, layout.sections.size());
    if (layout.width > largest_side || page.height > largest_side) {
        throw UsageError("The sheet would be " + std::to_string(layout.width) + " x " + std::to_string(page.height) +
                         " px; a picture holds " + std::to_string(largest_side) +
                         " on a side. Take fewer samples, rows or columns, smaller cells, or a PDF.");
    }
    const Surface surface = make_pixels(layout.width, page.height);
    Canvas canvas(surface.get(), theme.font);
    draw_page(canvas, sheet, layout, page, theme, true);
    return to_image(surface.get());
}

std::vector<std::uint8_t> sheet_as_pdf(const ContactSheet& sheet, const SheetTheme& theme) {
    const SheetLayout layout = lay_out(sheet, theme);
    const double points = pdf_points / theme.scale;
    std::vector<std::uint8_t> bytes;
    const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, layout.width * points, 1.0));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, sheet.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");  // equal sheets, equal files
    for (std::size_t s = 0; s < layout.sections.size(); ++s) {
        const SheetPage page = lay_page(layout, s, s + 1);
        cairo_pdf_surface_set_size(surface.get(), layout.width * points, page.height * points);
        Canvas canvas(surface.get(), theme.font);
        canvas.scale(points);
        draw_page(canvas, sheet, layout, page, theme, false);
        canvas.new_page();
    }
    cairo_surface_finish(surface.get());
    if (const cairo_status_t status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
        throw InternalError(std::string("Cairo cannot write a PDF: ") + cairo_status_to_string(status) + ".");
    return bytes;
}

namespace {

// Theme and layout at the scale at which the sheet fits the paper.
struct Poster {
    SheetTheme theme;
    SheetLayout layout;
    SheetPage page;
};

Poster fit(const ContactSheet& sheet, const SheetTheme& theme, const SheetPaper& paper) {
    // Texts and whole-number enlargement do not grow quite evenly: a few rounds come close enough from below.
    Poster poster{theme, {}, {}};
    double scale = theme.scale;
    for (int round = 0; round < 6; ++round) {
        poster.theme.scale = scale;
        poster.layout = lay_out(sheet, poster.theme);
        poster.page = lay_page(poster.layout, 0, poster.layout.sections.size());
        const double room = std::min(static_cast<double>(paper.width) / poster.layout.width,
                                     static_cast<double>(paper.height) / poster.page.height);
        if (room >= 1.0 && room < 1.01) break;
        scale *= round < 4 || room < 1.0 ? room * (round == 0 ? 1.0 : 0.998) : 1.0;
    }
    return poster;
}

void draw_fitted(Canvas& canvas, const ContactSheet& sheet, const Poster& poster, const SheetPaper& paper, bool exact) {
    canvas.fill({0, 0, paper.width, paper.height}, poster.theme.paper);
    canvas.translate((paper.width - poster.layout.width) / 2, (paper.height - poster.page.height) / 2);
    draw_page(canvas, sheet, poster.layout, poster.page, poster.theme, exact);
}

}  // namespace

Image draw_poster(const ContactSheet& sheet, const SheetTheme& theme, const SheetPaper& paper) {
    if (paper.width > largest_side || paper.height > largest_side) {
        throw UsageError("A poster of " + std::to_string(paper.width) + " x " + std::to_string(paper.height) +
                         " px is larger than a picture can be (" + std::to_string(largest_side) +
                         " on a side). Take a PDF, or a smaller paper.");
    }
    const Poster poster = fit(sheet, theme, paper);
    const Surface surface = make_pixels(paper.width, paper.height);
    Canvas canvas(surface.get(), theme.font);
    draw_fitted(canvas, sheet, poster, paper, true);
    return to_image(surface.get());
}

std::vector<std::uint8_t> poster_as_pdf(const ContactSheet& sheet, const SheetTheme& theme, const SheetPaper& paper) {
    const Poster poster = fit(sheet, theme, paper);
    const double points = 72.0 / paper.dots_per_inch;
    std::vector<std::uint8_t> bytes;
    const Surface surface(
        cairo_pdf_surface_create_for_stream(append, &bytes, paper.width * points, paper.height * points));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, sheet.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    {
        Canvas canvas(surface.get(), theme.font);
        canvas.scale(points);
        draw_fitted(canvas, sheet, poster, paper, false);
        canvas.new_page();
    }
    cairo_surface_finish(surface.get());
    if (const cairo_status_t status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
        throw InternalError(std::string("Cairo cannot write a PDF: ") + cairo_status_to_string(status) + ".");
    return bytes;
}

void require_sheet_name(const std::filesystem::path& file) {
    const std::string ending = file.extension().string();
    if (ending == ".png" || ending == ".jpg" || ending == ".jpeg" || ending == ".pdf") return;
    throw UsageError("A sheet is written as .png, .jpg or .pdf; `" + file.string() + "` ends otherwise.");
}

void write_sheet(const ContactSheet& sheet, const SheetTheme& theme, const std::filesystem::path& file) {
    require_sheet_name(file);
    const std::string ending = file.extension().string();
    if (ending == ".pdf")
        write_whole_file(file, sheet_as_pdf(sheet, theme));
    else if (ending == ".png")
        write_whole_file(file, encode_png(draw_sheet(sheet, theme)));
    else
        write_whole_file(file, encode_jpeg(draw_sheet(sheet, theme), JpegForm{}));
}

std::string picture_libraries() {
    return std::string("Cairo ") + cairo_version_string() + ", Pango " + pango_version_string();
}

std::string picture_font(const SheetTheme& theme) {
    const Surface surface = make_pixels(1, 1);
    return Canvas(surface.get(), theme.font).family_used();
}

}  // namespace misfire
