// Charts for print: curves with bands, and heat maps, as SVG, PDF or pixels.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/image.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct ChartLine {
    std::string name;
    std::vector<double> x;         // ascending
    std::vector<double> y;         // NaN: a gap
    std::vector<double> low = {};  // of the band, as long as y; empty: no band
    std::vector<double> high = {};
    Colour colour = {0.0, 0.0, 0.0};
    int mark = -1;  // shape of Canvas::mark() on each point, -1 for none
    bool dashed = false;
    double width = 1.6;
};

struct ChartTick {
    double at = 0.0;
    std::string text;
};

struct LineChart {
    std::string title;
    std::string x_name;
    std::string y_name;
    std::vector<ChartTick> x_ticks;
    std::vector<ChartTick> y_ticks;
    double x_low = 0.0, x_high = 1.0, y_low = 0.0, y_high = 1.0;
    std::vector<ChartLine> lines;
    bool legend = true;                                          // the lines' names to the right
    double break_at = std::numeric_limits<double>::quiet_NaN();  // a vertical line there, NaN: none
    std::string break_text;
    std::string watermark;  // across everything, "" for none
};

struct HeatChart {
    std::string title;
    std::string x_name;
    std::vector<std::string> columns;
    std::vector<std::string> rows;
    std::vector<std::string> texts;  // [row, column]
    std::vector<double> shares;      // [row, column], 0: as the paper, 1: the darkest; NaN: no value
    std::string watermark;
};

// Colour-blind-safe colours of lines, as many as asked for; they repeat after eight.
Colour chart_colour(std::size_t line);

enum class ChartForm { svg, pdf };

// A figure `width` points wide (1/72 inch); a heat map is as high as its rows need. Without dates.
std::vector<std::uint8_t> chart_file(const LineChart& chart, const SheetTheme& theme, ChartForm form,
                                     double width = 360, double height = 230);
std::vector<std::uint8_t> chart_file(const HeatChart& chart, const SheetTheme& theme, ChartForm form);

// Line charts below each other on one sheet, with a title and a line below everything.
struct ChartSheet {
    std::string title;
    std::string caption;
    std::vector<LineChart> charts;
    std::size_t columns = 1;
    std::string footer;
};
std::vector<std::uint8_t> chart_sheet_as_pdf(const ChartSheet& sheet, const SheetTheme& theme);
Image draw_chart_sheet(const ChartSheet& sheet, const SheetTheme& theme);

}  // namespace misfire
