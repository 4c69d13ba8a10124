#include "harness/pictures/contact_sheet.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "core/error.h"
#include "harness/pictures/canvas.h"
#include "harness/whole_file.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/geometry.h"

namespace misfire {

namespace {

constexpr int largest_side = 32767;  // of Cairo's pixel surfaces
constexpr double pdf_points = 0.5;   // per pixel of the theme
constexpr double narrowest = 420;    // of a sheet, so that its texts have room

// Texts with a place.
struct PlacedText {
    std::string text;
    TextStyle style;
    int x = 0;
    int y = 0;
    bool faint = false;
};

struct PlacedSection {
    std::vector<PlacedText> texts;
    std::vector<SheetRectangle> rules;  // thin lines
    std::vector<std::vector<SheetRectangle>> cells;
    int height = 0;
};

// Everything measured and placed. Sections begin at y = 0; drawing moves them.
class SheetLayout {
  public:
    SheetLayout(const ContactSheet& sheet, const SheetTheme& theme)
        : sheet_(sheet), theme_(theme), surface_(make_pixels(1, 1)), ruler_(surface_.get(), theme.font) {
        margin = px(theme.margin);
        measure_boxes();
        place_columns();
        place_title();
        for (const SheetSection& section : sheet.sections) sections.push_back(place(section));
        place_footer();
    }

    int px(double length) const { return static_cast<int>(std::lround(length * theme_.scale)); }

    int width = 0;
    int margin = 0;
    std::vector<PlacedText> title;  // from y = 0
    int title_height = 0;           // with the space below
    std::vector<PlacedSection> sections;
    std::vector<PlacedText> footer;
    int footer_height = 0;

    // Size of an image on the sheet.
    TextSize drawn(const Image& image) const {
        const int longer = std::max(image.width, image.height);
        const int target = std::max(px(theme_.cell), 1);
        if (longer <= target) return {target / longer * image.width, target / longer * image.height};
        const auto part = [&](int side) {
            return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * target / longer)));
        };
        return {part(image.width), part(image.height)};
    }

  private:
    TextStyle style(double size, bool bold = false, PangoAlignment align = PANGO_ALIGN_LEFT, int wrap = 0) const {
        return {size * theme_.scale, bold, align, wrap};
    }

    void measure_boxes() {
        for (const SheetSection& section : sheet_.sections) {
            columns_ = std::max(columns_, section.columns.size());
            for (const SheetRow& row : section.rows) {
                const TextSize label = ruler_.measure(row.label, style(theme_.label_size));
                label_width_ = std::max(label_width_, std::min(label.width, px(theme_.widest_label)));
                for (const SheetCell& cell : row.cells) {
                    if (!cell.image) continue;
                    const TextSize size = drawn(*cell.image);
                    box_width_ = std::max(box_width_, size.width);
                }
            }
            // A column is at least as wide as its label.
            for (const std::string& label : section.columns)
                least_column_ = std::max(least_column_, ruler_.measure(label, style(theme_.label_size)).width);
        }
        if (box_width_ == 0) box_width_ = px(theme_.cell);
        column_ = std::max(box_width_, least_column_);
    }

    void place_columns() {
        left_ = margin + label_width_ + (label_width_ > 0 ? px(14) : 0);
        const int right = left_ + static_cast<int>(columns_) * (column_ + px(theme_.gap)) - px(theme_.gap);
        width = std::max(right, px(narrowest)) + margin;
    }

    int text_width() const { return width - 2 * margin; }

    void place_title() {
        if (sheet_.title.empty()) return;
        const TextStyle bold = style(theme_.title_size, true, PANGO_ALIGN_LEFT, text_width());
        title.push_back({sheet_.title, bold, margin, 0, false});
        title_height = ruler_.measure(sheet_.title, bold).height + px(20);
    }

    void place_footer() {
        if (sheet_.footer.empty()) return;
        const TextStyle small = style(theme_.small_size, false, PANGO_ALIGN_LEFT, text_width());
        footer.push_back({sheet_.footer, small, margin, 0, true});
        footer_height = ruler_.measure(sheet_.footer, small).height;
    }

    int column_x(std::size_t column) const { return left_ + static_cast<int>(column) * (column_ + px(theme_.gap)); }

    PlacedSection place(const SheetSection& section) const {
        PlacedSection placed;
        int y = 0;
        if (!section.caption.empty()) {
            const TextStyle caption = style(theme_.label_size, false, PANGO_ALIGN_LEFT, text_width());
            placed.texts.push_back({section.caption, caption, margin, y, true});
            y += ruler_.measure(section.caption, caption).height + px(14);
        }
        y = place_heads(section, placed, y);
        const TextSize box = {box_width_, box_height(section)};
        for (const SheetRow& row : section.rows) y = place_row(section, row, box, placed, y);
        placed.height = y - (section.rows.empty() ? 0 : px(theme_.gap));
        return placed;
    }

    // Title of the columns over a thin rule, then the label of each.
    int place_heads(const SheetSection& section, PlacedSection& placed, int y) const {
        if (!section.columns_title.empty() && section.titled_from < section.columns.size()) {
            const int first = column_x(section.titled_from);
            const int across = column_x(section.columns.size() - 1) + column_ - first;
            const TextStyle centred = style(theme_.small_size, false, PANGO_ALIGN_CENTER, across);
            placed.texts.push_back({section.columns_title, centred, first, y, true});
            y += ruler_.measure(section.columns_title, centred).height + px(3);
            placed.rules.push_back({first, y, across, std::max(px(1), 1)});
            y += px(5);
        }
        int height = 0;
        for (std::size_t c = 0; c < section.columns.size(); ++c) {
            const TextStyle centred = style(theme_.label_size, false, PANGO_ALIGN_CENTER, column_);
            placed.texts.push_back({section.columns[c], centred, column_x(c), y, false});
            height = std::max(height, ruler_.measure(section.columns[c], centred).height);
        }
        return y + height + (height > 0 ? px(6) : 0);
    }

    // Of the highest image.
    int box_height(const SheetSection& section) const {
        int height = 0;
        for (const SheetRow& row : section.rows) {
            for (const SheetCell& cell : row.cells) {
                if (cell.image) height = std::max(height, drawn(*cell.image).height);
            }
        }
        return height > 0 ? height : px(theme_.cell);
    }

    int place_row(const SheetSection& section, const SheetRow& row, TextSize box, PlacedSection& placed, int y) const {
        const TextStyle right = style(theme_.label_size, false, PANGO_ALIGN_RIGHT, label_width_ + 1);
        const int label_height = row.label.empty() ? 0 : ruler_.measure(row.label, right).height;
        const int height = std::max(box.height, label_height);
        placed.texts.push_back({row.label, right, margin - 1, y + (height - label_height) / 2, false});
        std::vector<SheetRectangle> cells;
        for (std::size_t c = 0; c < section.columns.size() && c < row.cells.size(); ++c) {
            const SheetCell& cell = row.cells[c];
            const TextSize size = cell.image ? drawn(*cell.image) : box;
            cells.push_back(
                {column_x(c) + (column_ - size.width) / 2, y + (height - size.height) / 2, size.width, size.height});
            if (cell.image || cell.note.empty()) continue;
            const TextStyle note = style(theme_.small_size, false, PANGO_ALIGN_CENTER, size.width - px(8));
            const int note_height = ruler_.measure(cell.note, note).height;
            placed.texts.push_back({cell.note, note, cells.back().x + px(4), y + (height - note_height) / 2, true});
        }
        placed.cells.push_back(std::move(cells));
        return y + height + px(theme_.gap);
    }

    const ContactSheet& sheet_;
    const SheetTheme& theme_;
    Surface surface_;
    Canvas ruler_;
    std::size_t columns_ = 0;
    int label_width_ = 0;
    int least_column_ = 0;
    int column_ = 0;     // width
    int left_ = 0;       // of the first column
    int box_width_ = 0;  // of the widest image
};

// The sections from..to one below the other, with title and footer.
struct Page {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<int> tops;  // of the sections
    int footer_top = 0;
    int height = 0;
};

Page lay_page(const SheetLayout& layout, std::size_t from, std::size_t to) {
    Page page{from, to, {}, 0, 0};
    int y = layout.margin + layout.title_height;
    for (std::size_t s = from; s < to; ++s) {
        page.tops.push_back(y);
        y += layout.sections[s].height + layout.px(28);
    }
    if (from < to) y -= layout.px(28);
    if (layout.footer_height > 0) y += layout.px(18);
    page.footer_top = y;
    page.height = y + layout.footer_height + layout.margin;
    return page;
}

SheetRectangle lowered(SheetRectangle place, int top) {
    place.y += top;
    return place;
}

void draw_texts(Canvas& canvas, const std::vector<PlacedText>& texts, int top, const SheetTheme& theme) {
    for (const PlacedText& text : texts)
        canvas.text(text.text, text.style, text.x, text.y + top, text.faint ? theme.faint : theme.ink);
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

void draw_page(Canvas& canvas, const ContactSheet& sheet, const SheetLayout& layout, const Page& page,
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
    const SheetLayout layout(sheet, theme);
    const Page page = lay_page(layout, 0, layout.sections.size());
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
    const SheetLayout layout(sheet, theme);
    const Page page = lay_page(layout, 0, layout.sections.size());
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
    const SheetLayout layout(sheet, theme);
    const double points = pdf_points / theme.scale;
    std::vector<std::uint8_t> bytes;
    const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, layout.width * points, 1.0));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, sheet.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");  // equal sheets, equal files
    for (std::size_t s = 0; s < layout.sections.size(); ++s) {
        const Page page = lay_page(layout, s, s + 1);
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
