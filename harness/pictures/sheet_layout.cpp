#include "harness/pictures/sheet_layout.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace misfire {

namespace {

constexpr double narrowest = 420;  // of a sheet, so that its texts have room

// Measures first, then places.
class LayoutMaker {
  public:
    LayoutMaker(const ContactSheet& sheet, const SheetTheme& theme)
        : sheet_(sheet), theme_(theme), surface_(make_pixels(1, 1)), ruler_(surface_.get(), theme.font) {
        out_.margin = px(theme.margin);
        out_.section_gap = px(28);
        out_.frame = std::max(px(3), 1);
        measure_boxes();
        place_columns();
        place_title();
        for (const SheetSection& section : sheet.sections) out_.sections.push_back(place(section));
        place_footer();
    }

    SheetLayout result() && { return std::move(out_); }

  private:
    int px(double length) const { return static_cast<int>(std::lround(length * theme_.scale)); }

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
        left_ = out_.margin + label_width_ + (label_width_ > 0 ? px(14) : 0);
        const int right = left_ + static_cast<int>(columns_) * (column_ + px(theme_.gap)) - px(theme_.gap);
        out_.width = std::max(right, px(narrowest)) + out_.margin;
    }

    int text_width() const { return out_.width - 2 * out_.margin; }

    void place_title() {
        if (sheet_.title.empty()) return;
        const TextStyle bold = style(theme_.title_size, true, PANGO_ALIGN_LEFT, text_width());
        out_.title.push_back({sheet_.title, bold, out_.margin, 0, false});
        out_.title_height = ruler_.measure(sheet_.title, bold).height + px(20);
    }

    void place_footer() {
        if (sheet_.footer.empty()) return;
        const TextStyle small = style(theme_.small_size, false, PANGO_ALIGN_LEFT, text_width());
        out_.footer.push_back({sheet_.footer, small, out_.margin, 0, true});
        out_.footer_gap = px(18);
        out_.footer_height = ruler_.measure(sheet_.footer, small).height;
    }

    int column_x(std::size_t column) const { return left_ + static_cast<int>(column) * (column_ + px(theme_.gap)); }

    PlacedSection place(const SheetSection& section) const {
        PlacedSection placed;
        int y = 0;
        if (!section.caption.empty()) {
            const TextStyle caption = style(theme_.label_size, false, PANGO_ALIGN_LEFT, text_width());
            placed.texts.push_back({section.caption, caption, out_.margin, y, true});
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
        placed.texts.push_back({row.label, right, out_.margin - 1, y + (height - label_height) / 2, false});
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
        for (std::size_t c = 0; c < cells.size(); ++c) {
            if (row.cells[c].marked && row.cells[c].image) placed.frames.push_back(cells[c]);
        }
        const int captions = place_captions(row, placed, y + height);
        placed.cells.push_back(std::move(cells));
        return y + height + captions + px(theme_.gap);
    }

    // Below the images of a row, each centred in its column. Their height.
    int place_captions(const SheetRow& row, PlacedSection& placed, int y) const {
        int height = 0;
        for (std::size_t c = 0; c < row.cells.size() && c < columns_; ++c) {
            const SheetCell& cell = row.cells[c];
            if (cell.caption.empty()) continue;
            const TextStyle centred = style(theme_.caption_size, cell.marked, PANGO_ALIGN_CENTER, column_);
            placed.texts.push_back({cell.caption, centred, column_x(c), y + px(4), !cell.marked, cell.marked});
            height = std::max(height, px(4) + ruler_.measure(cell.caption, centred).height + px(6));
        }
        return height;
    }

    const ContactSheet& sheet_;
    const SheetTheme& theme_;
    Surface surface_;
    Canvas ruler_;
    SheetLayout out_;
    std::size_t columns_ = 0;
    int label_width_ = 0;
    int least_column_ = 0;
    int column_ = 0;     // width
    int left_ = 0;       // of the first column
    int box_width_ = 0;  // of the widest image
};

}  // namespace

SheetLayout lay_out(const ContactSheet& sheet, const SheetTheme& theme) { return LayoutMaker(sheet, theme).result(); }

SheetPage lay_page(const SheetLayout& layout, std::size_t from, std::size_t to) {
    SheetPage page{from, to, {}, 0, 0};
    int y = layout.margin + layout.title_height;
    for (std::size_t s = from; s < to; ++s) {
        page.tops.push_back(y);
        y += layout.sections[s].height + layout.section_gap;
    }
    if (from < to) y -= layout.section_gap;
    y += layout.footer_gap;
    page.footer_top = y;
    page.height = y + layout.footer_height + layout.margin;
    return page;
}

}  // namespace misfire
