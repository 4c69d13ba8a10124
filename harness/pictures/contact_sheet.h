// Contact sheets: grids of labelled images, as pixels or as PDF.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"

namespace misfire {

struct SheetCell {
    std::optional<Image> image;  // nothing: an empty place
    std::string note;            // written into an empty place
    std::string caption = {};    // below the place
    bool marked = false;         // framed in the accent colour, caption likewise
};

struct SheetRow {
    std::string label;
    std::vector<SheetCell> cells;  // one per column; missing ones at the end are left blank
};

// A grid with its heading. In a PDF each is a page.
struct SheetSection {
    std::string caption;               // above the grid
    std::vector<std::string> columns;  // their labels
    std::string columns_title;         // over the columns from `titled_from` on, such as "severity"
    std::size_t titled_from = 0;
    std::vector<SheetRow> rows;
};

struct ContactSheet {
    std::string title;
    std::vector<SheetSection> sections;
    std::string footer;
};

struct Colour {
    double red, green, blue;  // sRGB, 0..1
};

// Lengths are pixels at scale 1; in a PDF half points (1/144 inch), so that six columns of 160 fit A4.
struct SheetTheme {
    double cell = 160;  // longer side of an image; small images are enlarged by a whole factor up to this
    double gap = 6;     // between images
    double margin = 32;
    double widest_label = 220;  // of a row; longer ones are broken
    double title_size = 22;
    double label_size = 13;
    double small_size = 11;
    double caption_size = 11;
    double scale = 1;  // device pixels per pixel: 300 dpi of a PDF's lengths are 300 / 144
    std::string font = "DejaVu Sans";
    Colour paper = {1.0, 1.0, 1.0};
    Colour ink = {0.13, 0.13, 0.15};
    Colour faint = {0.45, 0.45, 0.48};   // captions and rules
    Colour empty = {0.95, 0.95, 0.96};   // of a place without image
    Colour accent = {0.76, 0.25, 0.05};  // of what is marked
};

struct SheetRectangle {
    int x, y, width, height;  // device pixels from the upper left corner
};

// Where things are: [section][row][column] is the place of the image itself, or of the empty box.
struct SheetPlaces {
    int width = 0;
    int height = 0;
    std::vector<std::vector<std::vector<SheetRectangle>>> cells;
};
SheetPlaces places_of(const ContactSheet& sheet, const SheetTheme& theme);

// The sheet as RGB pixels; its sections stand below each other. Enlarged images are exact copies of their pixels
// (nearest neighbour), reduced ones are antialiased. The same sheet gives the same pixels, on one installation of
// fonts. Throws UsageError when it would be larger than 32767 px.
Image draw_sheet(const ContactSheet& sheet, const SheetTheme& theme);

// The same as a PDF with a page per section; text is text, images have all their pixels. Without dates: equal sheets
// give equal files.
std::vector<std::uint8_t> sheet_as_pdf(const ContactSheet& sheet, const SheetTheme& theme);

// The sheet as large as fits, in the middle of a page of this many pixels, `dots_per_inch` of them an inch: all lengths
// of the theme, texts and images with them, grow alike. The PDF has that page's size in inches.
struct SheetPaper {
    int width = 0;
    int height = 0;
    double dots_per_inch = 300;
};
Image draw_poster(const ContactSheet& sheet, const SheetTheme& theme, const SheetPaper& paper);
std::vector<std::uint8_t> poster_as_pdf(const ContactSheet& sheet, const SheetTheme& theme, const SheetPaper& paper);

// Throws UsageError unless the name ends in .png, .jpg, .jpeg or .pdf.
void require_sheet_name(const std::filesystem::path& file);

// Writes .png, .jpg (.jpeg) or .pdf, as the name ends. Throws UsageError for another ending, StoreError.
void write_sheet(const ContactSheet& sheet, const SheetTheme& theme, const std::filesystem::path& file);

// "Cairo 1.16.0, Pango 1.50.12", and the family that text is drawn with, which is theme.font if it is installed.
std::string picture_libraries();
std::string picture_font(const SheetTheme& theme);

}  // namespace misfire
