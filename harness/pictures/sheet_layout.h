// Where the parts of a contact sheet go. Not for other rooms.
#pragma once

#include <string>
#include <vector>

#include "harness/pictures/canvas.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct PlacedText {
    std::string text;
    TextStyle style;
    int x = 0;
    int y = 0;
    bool faint = false;
    bool accent = false;
};

// From y = 0; a page moves it down.
struct PlacedSection {
    std::vector<PlacedText> texts;
    std::vector<SheetRectangle> rules;               // thin lines
    std::vector<SheetRectangle> frames;              // around images that are marked
    std::vector<std::vector<SheetRectangle>> cells;  // [row][column]
    int height = 0;
};

// All lengths in device pixels.
struct SheetLayout {
    int width = 0;
    int margin = 0;
    int frame = 0;                  // thickness
    std::vector<PlacedText> title;  // from y = 0
    int title_height = 0;           // with the space below
    std::vector<PlacedSection> sections;
    int section_gap = 0;
    std::vector<PlacedText> footer;  // from y = 0
    int footer_height = 0;
    int footer_gap = 0;  // above it
};

SheetLayout lay_out(const ContactSheet& sheet, const SheetTheme& theme);

// Sections from..to, one below the other, with title and footer.
struct SheetPage {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<int> tops;  // of the sections
    int footer_top = 0;
    int height = 0;
};
SheetPage lay_page(const SheetLayout& layout, std::size_t from, std::size_t to);

}  // namespace misfire
