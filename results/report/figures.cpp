#include "results/report/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/report/markup.h"

namespace misfire::report {

namespace {

// The frame that a figure's data lie in, in SVG units.
struct Frame {
    double left, top, right, bottom;
    Axis x, y;
    double at_x(double value) const { return left + (value - x.low) / (x.high - x.low) * (right - left); }
    double at_y(double value) const {
        return bottom - (std::clamp(value, y.low, y.high) - y.low) / (y.high - y.low) * (bottom - top);
    }
};

std::string svg_open(double width, double height, const std::string& title) {
    return "<svg viewBox=\"0 0 " + coordinate(width) + " " + coordinate(height) +
           "\" role=\"img\" preserveAspectRatio=\"xMidYMid meet\"><title>" + escaped(title) + "</title>\n";
}

std::string line(double x1, double y1, double x2, double y2, const char* style) {
    return "<line class=\"" + std::string(style) + "\" x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) +
           "\" x2=\"" + coordinate(x2) + "\" y2=\"" + coordinate(y2) + "\"/>";
}

std::string text_at(double x, double y, const std::string& text, const char* anchor, const char* style = "tick") {
    return "<text class=\"" + std::string(style) + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) +
           "\" text-anchor=\"" + anchor + "\">" + escaped(text) + "</text>";
}

std::string tick_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

std::string y_axis(const Frame& frame) {
    std::string out;
    for (const double tick : frame.y.ticks) {
        const double y = frame.at_y(tick);
        out += line(frame.left, y, frame.right, y, "grid") + text_at(frame.left - 5, y + 3.5, tick_text(tick), "end");
    }
    return out;
}

// Labels of levels, as many as have room.
std::string level_axis(const Frame& frame, const ShiftFacts& shift) {
    std::string out = line(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
    const std::size_t longest = std::max_element(shift.labels.begin(), shift.labels.end(), [](auto& a, auto& b) {
                                    return a.size() < b.size();
                                })->size();
    const double room =
        (frame.right - frame.left) / (6.0 * static_cast<double>(std::min<std::size_t>(longest, 10)) + 8);
    const auto step =
        static_cast<std::size_t>(std::ceil(static_cast<double>(shift.labels.size()) / std::max(room, 1.0)));
    for (std::size_t level = 0; level < shift.labels.size(); level += std::max<std::size_t>(step, 1))
        out +=
            text_at(frame.at_x(shift.levels[level]), frame.bottom + 13, shortened(shift.labels[level], 10), "middle");
    return out;
}

// A mark of its own shape per model, so that colour is not all that tells them apart.
std::string mark(std::size_t model, double x, double y, double r) {
    const auto at = [&](double dx, double dy) { return coordinate(x + dx * r) + "," + coordinate(y + dy * r); };
    std::string d;
    switch (model % 4) {
        case 0:
            return "<circle class=\"mark " + model_class(model) + "\" cx=\"" + coordinate(x) + "\" cy=\"" +
                   coordinate(y) + "\" r=\"" + coordinate(r) + "\"/>";
        case 1: d = "M" + at(-.9, -.9) + "L" + at(.9, -.9) + "L" + at(.9, .9) + "L" + at(-.9, .9) + "Z"; break;
        case 2: d = "M" + at(0, -1.2) + "L" + at(1.1, .8) + "L" + at(-1.1, .8) + "Z"; break;
        default: d = "M" + at(0, -1.3) + "L" + at(1.3, 0) + "L" + at(0, 1.3) + "L" + at(-1.3, 0) + "Z"; break;
    }
    return "<path class=\"mark " + model_class(model) + "\" d=\"" + d + "\"/>";
}

// Runs of levels without a gap.
template <typename Has>
std::vector<std::pair<std::size_t, std::size_t>> runs_of(std::size_t count, Has has) {
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (std::size_t i = 0; i < count; ++i) {
        if (!has(i)) continue;
        if (!runs.empty() && runs.back().second == i)
            ++runs.back().second;
        else
            runs.emplace_back(i, i + 1);
    }
    return runs;
}

std::string band(const Frame& frame, const ShiftFacts& shift, const Series& series) {
    std::string out;
    const auto has = [&](std::size_t i) { return std::isfinite(series.at[i].low) && std::isfinite(series.at[i].high); };
    for (const auto& [from, to] : runs_of(series.at.size(), has)) {
        std::string points;
        for (std::size_t i = from; i < to; ++i)
            points += coordinate(frame.at_x(shift.levels[i])) + "," + coordinate(frame.at_y(series.at[i].high)) + " ";
        for (std::size_t i = to; i-- > from;)
            points += coordinate(frame.at_x(shift.levels[i])) + "," + coordinate(frame.at_y(series.at[i].low)) + " ";
        out += "<polygon class=\"band " + model_class(series.key.model) + "\" points=\"" + points + "\"/>";
    }
    return out;
}

std::string curve(const Frame& frame, const ShiftFacts& shift, const Series& series) {
    std::string out;
    const auto has = [&](std::size_t i) { return std::isfinite(series.at[i].value); };
    for (const auto& [from, to] : runs_of(series.at.size(), has)) {
        std::string points;
        for (std::size_t i = from; i < to; ++i)
            points += coordinate(frame.at_x(shift.levels[i])) + "," + coordinate(frame.at_y(series.at[i].value)) + " ";
        out += "<polyline class=\"line " + model_class(series.key.model) + "\" points=\"" + points + "\"/>";
        for (std::size_t i = from; i < to && series.at.size() <= 16; ++i)
            out += mark(series.key.model, frame.at_x(shift.levels[i]), frame.at_y(series.at[i].value), 2.6);
    }
    return out;
}

std::string curve_title(const RunView& view, std::size_t metric, std::size_t shift) {
    const ShiftFacts& facts = view.shifts()[shift];
    std::string title = view.metrics()[metric].name + " under " + facts.name + ".";
    for (std::size_t m = 0; m < view.models().size(); ++m) {
        const Series* series = view.find({metric, 0, shift, m});
        if (series == nullptr || series->at.empty()) continue;
        const std::string& unit = view.metrics()[metric].unit;
        title += " " + view.models()[m] + ": " + shown(series->at.front().value, unit) + " at " + facts.labels.front() +
                 ", " + shown(series->at.back().value, unit) + " at " + facts.labels.back() + ".";
    }
    return title;
}

}  // namespace

std::string model_class(std::size_t model) {
    std::string name = "m" + std::to_string(model % model_colours);
    if (model >= model_colours) name += " dash" + std::to_string(model / model_colours % 3);
    return name;
}

Axis axis_of(double low, double high, int wanted) {
    if (!std::isfinite(low) || !std::isfinite(high)) low = 0.0, high = 1.0;
    if (high - low < 1e-12 * std::max(1.0, std::abs(low))) low -= 0.5, high += 0.5;
    const double raw = (high - low) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double fraction = raw / power;
    const double step = power * (fraction <= 1.0 ? 1.0 : fraction <= 2.0 ? 2.0 : fraction <= 5.0 ? 5.0 : 10.0);
    Axis axis{std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, {}};
    const auto ticks = static_cast<int>(std::lround((axis.high - axis.low) / step));
    for (int t = 0; t <= ticks; ++t) axis.ticks.push_back(std::round((axis.low + t * step) / step) * step);
    return axis;
}

Axis value_axis(const RunView& view, std::size_t metric) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Series& series : view.all()) {
        if (series.key.metric != metric || series.key.group != 0) continue;
        for (const Estimate& estimate : series.at) {
            for (const double value : {estimate.value, estimate.low, estimate.high}) {
                if (!std::isfinite(value)) continue;
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    if (view.metrics()[metric].unit == "fraction" && low >= 0.0 && high <= 1.0) return axis_of(0.0, 1.0, 4);
    if (low > 0.0 && low < 0.5 * high) low = 0.0;
    return axis_of(low, high, 4);
}

std::string curve_figure(const RunView& view, std::size_t metric, std::size_t shift, const Axis& values) {
    const ShiftFacts& facts = view.shifts()[shift];
    Frame frame{40, 8, 290, 160, {}, values};
    frame.x.low = facts.levels.front();
    frame.x.high = facts.levels.back();
    if (frame.x.high <= frame.x.low) frame.x = {frame.x.low - 0.5, frame.x.low + 0.5, {}};
    std::string out = svg_open(300, 180, curve_title(view, metric, shift));
    out += y_axis(frame) + level_axis(frame, facts) + "\n";
    for (const bool bands : {true, false}) {
        for (std::size_t m = 0; m < view.models().size(); ++m) {
            const Series* series = view.find({metric, 0, shift, m});
            if (series != nullptr) out += bands ? band(frame, facts, *series) : curve(frame, facts, *series);
        }
        out += "\n";
    }
    return out + "</svg>";
}

std::string breaking_figure(const RunView& view, const std::string& metric) {
    std::vector<const ShiftFacts*> rows;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const std::vector<BreakingPoint>& points = view.summary().results.breaking_points;
    const auto fits = [&](const BreakingPoint& p, const ShiftFacts& s) {
        return p.metric == metric && p.shift == s.name && std::isfinite(p.severity);
    };
    for (const ShiftFacts& shift : view.shifts()) {
        if (std::none_of(points.begin(), points.end(), [&](const auto& p) { return fits(p, shift); })) continue;
        rows.push_back(&shift);
        low = std::min(low, shift.levels.front());
        high = std::max(high, shift.levels.back());
    }
    if (rows.empty()) return "";
    const double row_height = 10.0 + 9.0 * static_cast<double>(std::min<std::size_t>(view.models().size(), 4));
    const double bottom = 10 + row_height * static_cast<double>(rows.size());
    Frame frame{190, 10, 690, bottom, axis_of(low, high, 6), {0.0, 1.0, {}}};
    std::string out =
        svg_open(720, bottom + 24, "Breaking points of " + metric + " by shift; the table below has the numbers.");
    for (const double tick : frame.x.ticks) {
        const double x = frame.at_x(tick);
        out += line(x, 10, x, bottom, "grid") + text_at(x, bottom + 15, tick_text(tick), "middle");
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const double top = 10 + row_height * static_cast<double>(r);
        out += text_at(180, top + row_height / 2 + 4, shortened(rows[r]->name, 28), "end", "label");
        out += line(frame.left, top, frame.right, top, "grid");
        for (const BreakingPoint& point : points) {
            if (!fits(point, *rows[r])) continue;
            const auto found = std::find(view.models().begin(), view.models().end(), point.model);
            const auto m = static_cast<std::size_t>(found - view.models().begin());
            const double y = top + row_height * (static_cast<double>(m % view.models().size()) + 1) /
                                       (static_cast<double>(view.models().size()) + 1);
            const double x = frame.at_x(point.severity);
            if (point.censored) {
                out += "<path class=\"late " + model_class(m) + "\" d=\"M" + coordinate(x) + "," + coordinate(y) +
                       "h14m-4,-3.5l4,3.5l-4,3.5\"/>";
                continue;
            }
            const double from = std::isfinite(point.low) ? frame.at_x(point.low) : x;
            const double to = std::isfinite(point.high) ? frame.at_x(point.high) : frame.right;
            out += line(from, y, to, y, ("line " + model_class(m)).c_str()) + mark(m, x, y, 4);
        }
        out += "\n";
    }
    return out + "</svg>";
}

std::string reliability_figure(const std::string& title, const std::vector<ReliabilityLine>& lines) {
    const Frame frame{40, 8, 230, 198, axis_of(0, 1, 4), axis_of(0, 1, 4)};
    std::string out = svg_open(240, 226, title);
    out += y_axis(frame) + line(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
    for (const double tick : frame.x.ticks)
        out += text_at(frame.at_x(tick), frame.bottom + 13, tick_text(tick), "middle");
    out += text_at(135, 223, "confidence", "middle", "tick");
    out += line(frame.at_x(0), frame.at_y(0), frame.at_x(1), frame.at_y(1), "ideal");
    for (std::size_t l = 0; l < lines.size(); ++l) {
        const std::string step = "step" + std::to_string(lines.size() > 1 ? l * 4 / (lines.size() - 1) : 0);
        std::int64_t most = 1;
        for (const ReliabilityBin& bin : lines[l].bins) most = std::max(most, bin.count);
        std::string points, dots;
        for (const ReliabilityBin& bin : lines[l].bins) {
            if (bin.count == 0) continue;
            const double x = frame.at_x(bin.confidence_sum / static_cast<double>(bin.count));
            const double y = frame.at_y(static_cast<double>(bin.hits) / static_cast<double>(bin.count));
            const double r = 1.2 + 4.0 * std::sqrt(static_cast<double>(bin.count) / static_cast<double>(most));
            points += coordinate(x) + "," + coordinate(y) + " ";
            dots += "<circle class=\"mark " + step + "\" cx=\"" + coordinate(x) + "\" cy=\"" + coordinate(y) +
                    "\" r=\"" + coordinate(r) + "\"/>";
        }
        if (!points.empty()) out += "<polyline class=\"line " + step + "\" points=\"" + points + "\"/>" + dots + "\n";
    }
    return out + "</svg>";
}

}  // namespace misfire::report
