// Sections made of figures: curves, heat map, breaking points, reliability.
#include <algorithm>
#include <cmath>
#include <map>

#include "results/report/figures.h"
#include "results/report/findings.h"
#include "results/report/markup.h"
#include "results/report/sections.h"

namespace misfire::report {

namespace {

std::string options_of(const std::vector<std::string>& names, std::size_t selected) {
    std::string html;
    for (std::size_t i = 0; i < names.size(); ++i) {
        html += "<option value=\"" + std::to_string(i) + "\"" + (i == selected ? " selected" : "") + " title=\"" +
                escaped(names[i]) + "\">" + escaped(shortened(names[i], 60)) + "</option>";
    }
    return html;
}

// Without a script the legend only explains; with one its entries are buttons.
std::string legend(const RunView& view) {
    std::string html = "<div class=\"legend\" role=\"group\" aria-label=\"Models\">";
    for (std::size_t m = 0; m < view.models().size(); ++m) {
        static constexpr const char* shapes[] = {"<circle class=\"mark %\" cx=\"14\" cy=\"7\" r=\"4\"/>",
                                                 "<path class=\"mark %\" d=\"M10.5,3.5h7v7h-7Z\"/>",
                                                 "<path class=\"mark %\" d=\"M14,2l4.6,8h-9.2Z\"/>",
                                                 "<path class=\"mark %\" d=\"M14,1.8l5,5.2l-5,5.2l-5,-5.2Z\"/>"};
        std::string shape = shapes[m % 4];
        shape.replace(shape.find('%'), 1, model_class(m));
        html += "<button type=\"button\" class=\"model\" data-model=\"" + std::to_string(m) +
                "\" aria-pressed=\"true\" title=\"" + escaped(view.models()[m]) +
                "\"><svg viewBox=\"0 0 28 14\" width=\"28\" height=\"14\" aria-hidden=\"true\"><line class=\"line " +
                model_class(m) + "\" x1=\"1\" y1=\"7\" x2=\"27\" y2=\"7\"/>" + shape + "</svg>" +
                escaped(shortened(view.models()[m], 40)) + "</button>";
    }
    return html + "</div>";
}

std::string controls(const RunView& view, std::size_t leading) {
    std::vector<std::string> metrics, groups;
    for (const MetricFacts& metric : view.metrics()) metrics.push_back(metric.name);
    for (const std::string& group : view.groups()) groups.push_back(group.empty() ? "all samples" : group);
    std::string html = "<div class=\"controls scripted\"><label>Metric <select id=\"metric\">" +
                       options_of(metrics, leading) + "</select></label>";
    if (groups.size() > 1) html += "<label>Group <select id=\"group\">" + options_of(groups, 0) + "</select></label>";
    return html +
           "<label class=\"check\"><input type=\"checkbox\" id=\"same-scale\" checked> same scale for "
           "all</label></div>\n";
}

// How much of the run's worst damage under this metric a cell shows, 0 to 1.
double share_of_damage(double lost, double worst) {
    return worst > 0 && std::isfinite(lost) ? std::clamp(lost / worst, 0.0, 1.0) : 0.0;
}

double worst_damage(const RunView& view, std::size_t metric) {
    const std::vector<CellFinding> cells = worst_cells(view, metric, 1);
    return cells.empty() ? 0.0 : cells.front().damage;
}

std::string heat_cell(const RunView& view, const SeriesKey& key, std::size_t level, double worst) {
    const ShiftFacts& shift = view.shifts()[key.shift];
    const std::string place = " data-m=\"" + std::to_string(key.model) + "\" data-s=\"" + std::to_string(key.shift) +
                              "\" data-l=\"" + std::to_string(level) + "\"";
    const std::string id =
        " id=\"" + escaped(cell_name(view.models()[key.model], shift.name, shift.labels[level])) + "\"";
    const Series* series = view.find(key);
    if (series == nullptr) return "<td class=\"heat\"" + id + place + ">\u2013</td>";
    const MetricFacts& metric = view.metrics()[key.metric];
    const Estimate& estimate = series->at[level];
    const double t = share_of_damage(damage(metric.direction, view.reference(*series), estimate.value), worst);
    return "<td class=\"heat" + std::string(t > 0.55 ? " deep" : "") + "\" style=\"--t:" + coordinate(t) + "\"" + id +
           place + ">" + shown(estimate.value, metric.unit) + "</td>";
}

// Shifts whose levels share their columns, in the order of the run.
std::vector<std::vector<std::size_t>> grids_of(const RunView& view) {
    std::vector<std::vector<std::size_t>> grids;
    for (std::size_t s = 0; s < view.shifts().size(); ++s) {
        const auto same = std::find_if(grids.begin(), grids.end(), [&](const auto& grid) {
            return view.shifts()[grid.front()].labels == view.shifts()[s].labels &&
                   view.shifts()[grid.front()].unit == view.shifts()[s].unit;
        });
        if (same == grids.end())
            grids.push_back({s});
        else
            same->push_back(s);
    }
    return grids;
}

std::string heat_map(const RunView& view, std::size_t metric, std::size_t model, const std::vector<std::size_t>& grid,
                     double worst) {
    const ShiftFacts& first = view.shifts()[grid.front()];
    const std::string name = escaped(view.models()[model]);
    std::string html = "<div class=\"scroll heat-map\" tabindex=\"0\" role=\"region\" aria-label=\"Heat map of " +
                       name + "\"><table><caption title=\"" + name + "\">" +
                       escaped(shortened(view.models()[model], 40)) + "</caption><thead><tr><th scope=\"col\">" +
                       escaped(first.unit.empty() ? "level" : first.unit) + "</th>";
    for (const std::string& label : first.labels)
        html += "<th scope=\"col\">" + escaped(shortened(label, 16)) + "</th>";
    html += "</tr></thead><tbody>\n";
    for (const std::size_t s : grid) {
        html += "<tr><th scope=\"row\" title=\"" + escaped(view.shifts()[s].name) + "\">" +
                escaped(shortened(view.shifts()[s].name, 36)) + "</th>";
        for (std::size_t level = 0; level < first.levels.size(); ++level)
            html += heat_cell(view, {metric, 0, s, model}, level, worst);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string breaking_table(const RunView& view) {
    HtmlTable table("Breaking points: the level at which the interpolated curve first reaches the threshold",
                    {"model", "shift", "metric", "threshold", "breaks at", "95 % interval"}, 3);
    for (const BreakingPoint& point : view.summary().results.breaking_points) {
        if (!std::isfinite(point.severity)) continue;
        const std::string unit = facts_of(point.metric, view.summary().results.curves).unit;
        const auto level = [](double value) { return shown(value, ""); };
        table.add({escaped(point.model), escaped(point.shift), escaped(point.metric), shown(point.threshold, unit),
                   point.censored ? "later than " + level(point.severity) : level(point.severity),
                   point.censored ? "" : "[" + level(point.low) + ", " + level(point.high) + "]"});
    }
    return table.empty() ? "" : table.html();
}

// Clean, then all shifts of the same label together, in the order of the levels.
std::vector<ReliabilityLine> pooled_lines(const RunView& view, const std::vector<CellReliability>& cells,
                                          const std::string& model) {
    std::vector<ReliabilityLine> lines = {{"clean", {}}};
    bool clean = false;
    std::map<double, ReliabilityLine> levels;
    for (const CellReliability& cell : cells) {
        if (cell.model != model) continue;
        if (cell.shift == clean_shift) {
            add(lines.front().bins, cell.bins);
            clean = true;
        }
        for (const ShiftFacts& shift : view.shifts()) {
            const auto label = std::find(shift.labels.begin(), shift.labels.end(), cell.label);
            if (shift.name != cell.shift || shift.name == clean_shift || label == shift.labels.end()) continue;
            if (!shift.labels_are_levels) continue;
            ReliabilityLine& line = levels[shift.levels[static_cast<std::size_t>(label - shift.labels.begin())]];
            line.name = cell.label;
            add(line.bins, cell.bins);
        }
    }
    if (!clean) lines.clear();
    // First, middle and last of many levels tell the story; more lines would hide it.
    std::size_t i = 0;
    const std::size_t step = std::max<std::size_t>(1, (levels.size() + 2) / 3);
    for (auto& [level, line] : levels) {
        if ((levels.size() - 1 - i) % step == 0) lines.push_back(std::move(line));
        ++i;
    }
    return lines;
}

}  // namespace

Section curves_section(const RunView& view, std::size_t leading, const PageData& data) {
    const MetricFacts& metric = view.metrics()[leading];
    const Axis values = value_axis(view, leading);
    std::string html =
        "<p>One panel per shift, all on the same scale; bands are 95 % intervals."
        "<span class=\"scripted\"> Open a panel to read values, compare and zoom.</span></p>\n";
    html += controls(view, leading) + legend(view);
    html += "<p class=\"metric-line\"><strong id=\"metric-name\">" + escaped(metric.name) +
            "</strong> <span id=\"metric-summary\">" + escaped(metric.summary) +
            "</span> <span id=\"metric-direction\">" +
            (metric.direction == Direction::neither ? "" : "(" + std::string(name_of(metric.direction)) + ")") +
            "</span></p>\n";
    html += "<div id=\"detail\" class=\"detail scripted\" hidden></div><div class=\"multiples\">\n";
    for (std::size_t s = 0; s < view.shifts().size(); ++s) {
        const ShiftFacts& shift = view.shifts()[s];
        const std::string name = escaped(shift.name);
        html += "<figure class=\"multiple\" data-shift=\"" + std::to_string(s) + "\"><figcaption title=\"" + name +
                "\"><span class=\"name\">" + escaped_name(shortened(shift.name, 48)) +
                "</span><button type=\"button\" class=\"open scripted\" aria-label=\"Open " + name +
                "\">open</button></figcaption>" + curve_figure(view, leading, s, values) + "</figure>\n";
    }
    html += "</div>";
    if (!data.all_groups) {
        html += "<p class=\"note\">Groups are drawn for " + escaped(metric.name) +
                " only: the run has too many points for one page. results.h5 has all of them.</p>";
    }
    return {"curves", "Degradation curves", html};
}

Section heat_map_section(const RunView& view, std::size_t leading) {
    const double worst = worst_damage(view, leading);
    std::string html =
        "<p><span class=\"heat-metric\">" + escaped(view.metrics()[leading].name) +
        "</span> of each cell; the darker, the more was lost against the reference level.</p>\n"
        "<div class=\"key\" aria-hidden=\"true\">no loss <span class=\"ramp\"></span> worst of the run</div>";
    for (const std::vector<std::size_t>& grid : grids_of(view)) {
        html += "<div class=\"heat-maps\">";
        for (std::size_t m = 0; m < view.models().size(); ++m) html += heat_map(view, leading, m, grid, worst);
        html += "</div>\n";
    }
    return {"heat-map", "Shift by level", html};
}

Section breaking_points_section(const RunView& view, std::size_t leading) {
    const std::string table = breaking_table(view);
    if (table.empty()) return {};
    std::string metric = view.metrics()[leading].name;
    std::string figure = breaking_figure(view, metric);
    for (const BreakingPoint& point : view.summary().results.breaking_points) {
        if (!figure.empty()) break;
        metric = point.metric;
        figure = breaking_figure(view, metric);
    }
    return {"breaking-points", "Breaking points",
            "<p>Where " + escaped(metric) +
                " first crosses its threshold, with its 95 % interval. An arrow: it had not "
                "crossed at the last level.</p>" +
                legend(view) + "<figure class=\"wide\">" + figure +
                "</figure><details><summary>All breaking points as a table</summary>" + table + "</details>"};
}

Section reliability_section(const RunView& view, const ReportInput& input, const PageData& data) {
    std::string figures;
    for (const std::string& model : view.models()) {
        const std::vector<ReliabilityLine> lines = pooled_lines(view, input.reliability, model);
        if (lines.empty()) continue;
        std::string key;
        for (std::size_t l = 0; l < lines.size(); ++l) {
            key += "<span class=\"swatch step" + std::to_string(lines.size() > 1 ? l * 4 / (lines.size() - 1) : 0) +
                   "\"></span>" + (l == 0 ? "" : "level ") + escaped(lines[l].name) + " ";
        }
        figures += "<figure class=\"reliability\" data-model=\"" + escaped(model) + "\"><figcaption title=\"" +
                   escaped(model) + "\">" + escaped(shortened(model, 40)) + "</figcaption>" +
                   reliability_figure("Reliability of " + model + ": share of right answers by confidence", lines) +
                   "<div class=\"key\">" + key + "</div></figure>\n";
    }
    if (figures.empty()) return {};
    std::string html =
        "<p>How often an answer of a given confidence is right, in 15 bins; area of a dot: samples in it. On the "
        "diagonal "
        "confidence means what it says; below it the model is too sure. Levels of all shifts are taken together";
    html += data.all_reliability
                ? "<span class=\"scripted\">, or of one: <label>Shift <select id=\"reliability-shift\">"
                  "</select></label></span>.</p>\n"
                : ".</p>\n";
    return {"reliability", "Reliability", html + "<div class=\"reliabilities\">" + figures + "</div>"};
}

}  // namespace misfire::report
