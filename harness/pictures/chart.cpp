#include "harness/pictures/chart.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "core/error.h"
#include "harness/pictures/canvas.h"

namespace misfire {

namespace {

constexpr double small = 8, normal = 9, large = 11;  // of texts, points

struct Box {
    double left, top, right, bottom;
};

TextStyle styled(double size, PangoAlignment align = PANGO_ALIGN_LEFT, int width = 0, bool bold = false) {
    return {size, bold, align, width};
}

// Text whose middle is at x.
void centred(Canvas& canvas, const std::string& text, double size, double x, double y, Colour colour) {
    const TextStyle style = styled(size);
    canvas.text(text, style, x - canvas.measure(text, style).width / 2.0, y, colour);
}

void watermark(Canvas& canvas, const std::string& text, double width, double height) {
    if (text.empty()) return;
    canvas.save();
    canvas.translate(width / 2, height / 2);
    canvas.rotate(-0.42);
    const TextStyle style = styled(std::min(width, height) / 6.0, PANGO_ALIGN_LEFT, 0, true);
    const TextSize size = canvas.measure(text, style);
    canvas.text(text, style, -size.width / 2.0, -size.height / 2.0, {0.93, 0.78, 0.77});
    canvas.restore();
}

class LineDrawing {
  public:
    LineDrawing(Canvas& canvas, const LineChart& chart, const SheetTheme& theme, double width, double height)
        : canvas_(canvas), chart_(chart), theme_(theme), width_(width), height_(height) {
        int ticks = 0;
        for (const ChartTick& tick : chart.y_ticks)
            ticks = std::max(ticks, canvas.measure(tick.text, styled(small)).width);
        int names = 0;
        for (const ChartLine& line : chart.lines)
            names = std::max(names, canvas.measure(line.name, styled(small)).width);
        const double right = chart.legend ? std::min(names + 40.0, width * 0.4) : 12.0;
        box_ = {ticks + (chart.y_name.empty() ? 12.0 : 26.0), chart.title.empty() ? 10.0 : 26.0, width - right,
                height - (chart.x_name.empty() ? 20.0 : 34.0)};
    }

    void draw() {
        watermark(canvas_, chart_.watermark, width_, height_);
        canvas_.text(chart_.title, styled(large, PANGO_ALIGN_LEFT, 0, true), box_.left, 4, theme_.ink);
        axes();
        for (const ChartLine& line : chart_.lines) band(line);
        for (const ChartLine& line : chart_.lines) curve(line);
        if (std::isfinite(chart_.break_at)) breaking();
        if (chart_.legend) legend();
    }

  private:
    double at_x(double value) const {
        return box_.left + (value - chart_.x_low) / (chart_.x_high - chart_.x_low) * (box_.right - box_.left);
    }
    double at_y(double value) const {
        const double part = (value - chart_.y_low) / (chart_.y_high - chart_.y_low);
        return box_.bottom - std::clamp(part, 0.0, 1.0) * (box_.bottom - box_.top);
    }

    void axes() {
        const Colour grid = {theme_.empty.red * 0.94, theme_.empty.green * 0.94, theme_.empty.blue * 0.94};
        for (const ChartTick& tick : chart_.y_ticks) {
            const double y = at_y(tick.at);
            canvas_.polyline({{box_.left, y}, {box_.right, y}}, 0.6, grid);
            const TextSize size = canvas_.measure(tick.text, styled(small));
            canvas_.text(tick.text, styled(small), box_.left - size.width - 4, y - size.height / 2.0, theme_.faint);
        }
        canvas_.polyline({{box_.left, box_.bottom}, {box_.right, box_.bottom}}, 0.8, theme_.faint);
        for (const ChartTick& tick : chart_.x_ticks) {
            canvas_.polyline({{at_x(tick.at), box_.bottom}, {at_x(tick.at), box_.bottom + 3}}, 0.8, theme_.faint);
            centred(canvas_, tick.text, small, at_x(tick.at), box_.bottom + 5, theme_.faint);
        }
        centred(canvas_, chart_.x_name, normal, (box_.left + box_.right) / 2, box_.bottom + 18, theme_.ink);
        if (chart_.y_name.empty()) return;
        canvas_.save();
        canvas_.translate(3, (box_.top + box_.bottom) / 2);
        canvas_.rotate(-G_PI / 2);
        centred(canvas_, chart_.y_name, normal, 0, 0, theme_.ink);
        canvas_.restore();
    }

    void band(const ChartLine& line) {
        std::vector<CanvasPoint> upper, lower;
        const auto flush = [&] {
            upper.insert(upper.end(), lower.rbegin(), lower.rend());
            canvas_.polygon(upper, line.colour, 0.18);
            upper.clear();
            lower.clear();
        };
        for (std::size_t i = 0; i < line.low.size(); ++i) {
            if (!std::isfinite(line.low[i]) || !std::isfinite(line.high[i])) {
                flush();
                continue;
            }
            upper.push_back({at_x(line.x[i]), at_y(line.high[i])});
            lower.push_back({at_x(line.x[i]), at_y(line.low[i])});
        }
        flush();
    }

    void curve(const ChartLine& line) {
        std::vector<CanvasPoint> points;
        const std::vector<double> dashes = line.dashed ? std::vector<double>{4, 2} : std::vector<double>{};
        for (std::size_t i = 0; i < line.y.size(); ++i) {
            if (std::isfinite(line.y[i])) {
                points.push_back({at_x(line.x[i]), at_y(line.y[i])});
                if (line.mark >= 0) canvas_.mark(line.mark, points.back(), 2.6, line.colour);
            }
            if (!std::isfinite(line.y[i]) || i + 1 == line.y.size()) {
                canvas_.polyline(points, line.width, line.colour, dashes);
                points.clear();
            }
        }
    }

    void breaking() {
        const double x = at_x(chart_.break_at);
        canvas_.polyline({{x, box_.top}, {x, box_.bottom}}, 1.0, theme_.accent, {3, 2});
        const TextSize size = canvas_.measure(chart_.break_text, styled(small));
        const double left = x + 4 + size.width > box_.right ? x - 4 - size.width : x + 4;
        canvas_.text(chart_.break_text, styled(small), left, box_.top, theme_.accent);
    }

    void legend() {
        double y = box_.top;
        for (const ChartLine& line : chart_.lines) {
            const double x = box_.right + 10;
            canvas_.polyline({{x, y + 5}, {x + 16, y + 5}}, line.width, line.colour,
                             line.dashed ? std::vector<double>{4, 2} : std::vector<double>{});
            if (line.mark >= 0) canvas_.mark(line.mark, {x + 8, y + 5}, 2.6, line.colour);
            const TextStyle style = styled(small, PANGO_ALIGN_LEFT, std::max(static_cast<int>(width_ - x - 22), 20));
            canvas_.text(line.name, style, x + 20, y, theme_.ink);
            y += std::max(canvas_.measure(line.name, style).height + 3, 13);
        }
    }

    Canvas& canvas_;
    const LineChart& chart_;
    const SheetTheme& theme_;
    double width_;
    double height_;
    Box box_{};
};

// Lengths of a heat map.
struct HeatPlan {
    double left = 0;
    double top = 0;
    double cell_width = 34;
    double cell_height = 17;
    double width = 0;
    double height = 0;
};

HeatPlan plan_of(const Canvas& canvas, const HeatChart& chart) {
    HeatPlan plan;
    for (const std::string& row : chart.rows)
        plan.left = std::max(plan.left, static_cast<double>(canvas.measure(row, styled(normal)).width));
    for (const std::string& text : chart.columns)
        plan.cell_width = std::max(plan.cell_width, canvas.measure(text, styled(normal)).width + 6.0);
    for (const std::string& text : chart.texts)
        plan.cell_width = std::max(plan.cell_width, canvas.measure(text, styled(small)).width + 6.0);
    plan.left += 18;
    plan.top = chart.title.empty() ? 24 : 44;
    const double title = canvas.measure(chart.title, styled(large, PANGO_ALIGN_LEFT, 0, true)).width;
    plan.width = std::max(plan.left + plan.cell_width * static_cast<double>(chart.columns.size()), title + 10) + 10;
    plan.height =
        plan.top + plan.cell_height * static_cast<double>(chart.rows.size()) + (chart.x_name.empty() ? 10 : 24);
    return plan;
}

Colour between(Colour a, Colour b, double share) {
    const auto part = [share](double x, double y) { return x + (y - x) * share; };
    return {part(a.red, b.red), part(a.green, b.green), part(a.blue, b.blue)};
}

void draw_heat(Canvas& canvas, const HeatChart& chart, const SheetTheme& theme) {
    constexpr Colour light = {0.98, 0.96, 0.93}, dark = {0.43, 0.12, 0.27};
    const HeatPlan plan = plan_of(canvas, chart);
    canvas.text(chart.title, styled(large, PANGO_ALIGN_LEFT, 0, true), 8, 5, theme.ink);
    for (std::size_t c = 0; c < chart.columns.size(); ++c)
        centred(canvas, chart.columns[c], normal, plan.left + plan.cell_width * (static_cast<double>(c) + 0.5),
                plan.top - 14, theme.ink);
    for (std::size_t r = 0; r < chart.rows.size(); ++r) {
        const double y = plan.top + plan.cell_height * static_cast<double>(r);
        const double width = canvas.measure(chart.rows[r], styled(normal)).width;
        canvas.text(chart.rows[r], styled(normal), plan.left - 6 - width, y + 2.5, theme.ink);
        for (std::size_t c = 0; c < chart.columns.size(); ++c) {
            const std::size_t at = r * chart.columns.size() + c;
            const double x = plan.left + plan.cell_width * static_cast<double>(c);
            const bool value = std::isfinite(chart.shares[at]);
            const double share = value ? std::clamp(chart.shares[at], 0.0, 1.0) : 0.0;
            canvas.polygon({{x, y},
                            {x + plan.cell_width - 1, y},
                            {x + plan.cell_width - 1, y + plan.cell_height - 1},
                            {x, y + plan.cell_height - 1}},
                           value ? between(light, dark, share) : theme.empty, 1.0);
            centred(canvas, chart.texts[at], small, x + plan.cell_width / 2, y + 3,
                    share > 0.5 ? Colour{1, 1, 1} : Colour{0.13, 0.13, 0.15});
        }
    }
    centred(canvas, chart.x_name, normal, plan.left + plan.cell_width * static_cast<double>(chart.columns.size()) / 2,
            plan.height - 18, theme.ink);
    watermark(canvas, chart.watermark, plan.width, plan.height);
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned length) {
    auto& bytes = *static_cast<std::vector<std::uint8_t>*>(closure);
    bytes.insert(bytes.end(), data, data + length);
    return CAIRO_STATUS_SUCCESS;
}

std::vector<std::uint8_t> vector_file(double width, double height, const std::string& title, const SheetTheme& theme,
                                      ChartForm form, const std::function<void(Canvas&)>& draw) {
    std::vector<std::uint8_t> bytes;
    const Surface surface(form == ChartForm::svg ? cairo_svg_surface_create_for_stream(append, &bytes, width, height)
                                                 : cairo_pdf_surface_create_for_stream(append, &bytes, width, height));
    if (form == ChartForm::pdf) {
        cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
        cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    }
    {
        Canvas canvas(surface.get(), theme.font);
        canvas.place_glyphs_exactly();
        canvas.polygon({{0, 0}, {width, 0}, {width, height}, {0, height}}, theme.paper, 1.0);
        draw(canvas);
        canvas.check();
    }
    cairo_surface_finish(surface.get());
    if (const cairo_status_t status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
        throw InternalError(std::string("Cairo cannot write a figure: ") + cairo_status_to_string(status) + ".");
    return bytes;
}

constexpr double panel_width = 330, panel_height = 132, sheet_margin = 28, panel_gap = 14;

struct SheetSize {
    double width, height, top;
};

SheetSize size_of(const ChartSheet& sheet) {
    const auto rows = static_cast<double>((sheet.charts.size() + sheet.columns - 1) / sheet.columns);
    const double top = sheet_margin + 48;
    return {2 * sheet_margin + static_cast<double>(sheet.columns) * (panel_width + panel_gap) - panel_gap,
            top + rows * (panel_height + panel_gap) + sheet_margin, top};
}

void draw_sheet_on(Canvas& canvas, const ChartSheet& sheet, const SheetTheme& theme) {
    const SheetSize size = size_of(sheet);
    canvas.text(sheet.title, styled(17, PANGO_ALIGN_LEFT, 0, true), sheet_margin, sheet_margin - 6, theme.ink);
    canvas.text(sheet.caption, styled(normal, PANGO_ALIGN_LEFT, static_cast<int>(size.width - 2 * sheet_margin)),
                sheet_margin, sheet_margin + 20, theme.faint);
    for (std::size_t c = 0; c < sheet.charts.size(); ++c) {
        canvas.save();
        canvas.translate(sheet_margin + static_cast<double>(c % sheet.columns) * (panel_width + panel_gap),
                         size.top + static_cast<double>(c / sheet.columns) * (panel_height + panel_gap));
        LineDrawing(canvas, sheet.charts[c], theme, panel_width, panel_height).draw();
        canvas.restore();
    }
    canvas.text(sheet.footer, styled(small), sheet_margin, size.height - sheet_margin, theme.faint);
}

}  // namespace

Colour chart_colour(std::size_t line) {
    static constexpr std::array<Colour, 8> colours = {{{0.000, 0.447, 0.698},
                                                       {0.835, 0.369, 0.000},
                                                       {0.000, 0.620, 0.451},
                                                       {0.710, 0.345, 0.561},
                                                       {0.725, 0.478, 0.000},
                                                       {0.184, 0.561, 0.769},
                                                       {0.333, 0.357, 0.380},
                                                       {0.522, 0.463, 0.000}}};
    return colours[line % colours.size()];
}

std::vector<std::uint8_t> chart_file(const LineChart& chart, const SheetTheme& theme, ChartForm form, double width,
                                     double height) {
    return vector_file(width, height, chart.title, theme, form,
                       [&](Canvas& canvas) { LineDrawing(canvas, chart, theme, width, height).draw(); });
}

std::vector<std::uint8_t> chart_file(const HeatChart& chart, const SheetTheme& theme, ChartForm form) {
    const Surface any = make_pixels(1, 1);
    Canvas ruler(any.get(), theme.font);
    ruler.place_glyphs_exactly();
    const HeatPlan plan = plan_of(ruler, chart);
    return vector_file(plan.width, plan.height, chart.title, theme, form,
                       [&](Canvas& canvas) { draw_heat(canvas, chart, theme); });
}

std::vector<std::uint8_t> chart_sheet_as_pdf(const ChartSheet& sheet, const SheetTheme& theme) {
    const SheetSize size = size_of(sheet);
    return vector_file(size.width, size.height, sheet.title, theme, ChartForm::pdf,
                       [&](Canvas& canvas) { draw_sheet_on(canvas, sheet, theme); });
}

Image draw_chart_sheet(const ChartSheet& sheet, const SheetTheme& theme) {
    constexpr double dots = 2.0;  // per point: 144 an inch
    const SheetSize size = size_of(sheet);
    const auto width = static_cast<int>(std::lround(size.width * dots));
    const auto height = static_cast<int>(std::lround(size.height * dots));
    if (width > 32767 || height > 32767)
        throw UsageError("The sheet would be " + std::to_string(height) +
                         " px high; a picture holds 32767. Choose fewer levels with --levels.");
    const Surface surface = make_pixels(width, height);
    Canvas canvas(surface.get(), theme.font);
    canvas.fill({0, 0, width, height}, theme.paper);
    canvas.place_glyphs_exactly();
    canvas.scale(dots);
    draw_sheet_on(canvas, sheet, theme);
    canvas.check();
    return to_image(surface.get());
}

}  // namespace misfire
