#include "results/report/report.h"

#include <algorithm>

#include "results/report/embedded.h"
#include "results/report/findings.h"
#include "results/report/markup.h"
#include "results/report/sections.h"

namespace misfire {

namespace {

using namespace report;

// The value of `name:` at the top of the scenario.
std::string scenario_name(const std::string& scenario) {
    for (std::size_t at = 0; at < scenario.size();) {
        const std::size_t end = std::min(scenario.find('\n', at), scenario.size());
        const std::string line = scenario.substr(at, end - at);
        if (line.rfind("name:", 0) == 0) {
            const std::size_t from = line.find_first_not_of(" \"'", 5);
            const std::size_t to = line.find_last_not_of(" \"'\r");
            return from == std::string::npos || to < from ? "run" : line.substr(from, to - from + 1);
        }
        at = end + 1;
    }
    return "run";
}

std::string subtitle(const ReportInput& input, const RunView& view) {
    const RunResults& results = input.summary.results;
    std::int64_t samples = 0;
    std::string dataset;
    for (const CellResult& cell : results.cells) {
        samples = std::max(samples, cell.n);
        if (dataset.empty()) dataset = cell.dataset;
    }
    const auto created = input.summary.environment.find("created_utc");
    std::string text = grouped_number(static_cast<std::int64_t>(view.models().size())) +
                       (view.models().size() == 1 ? " model, " : " models, ") + std::to_string(results.cells.size()) +
                       " cells, " + grouped_number(samples) + " samples" + (dataset.empty() ? "" : " of " + dataset) +
                       ", seed " + std::to_string(input.summary.seed);
    return created == input.summary.environment.end() ? text : text + ", " + created->second;
}

std::vector<Section> sections_of(const ReportInput& input, const RunView& view, std::size_t leading,
                                 const PageData& data) {
    std::vector<Section> sections;
    const auto take = [&](Section section) {
        if (!section.html.empty()) sections.push_back(std::move(section));
    };
    if (!view.metrics().empty()) {
        take(models_section(view, leading));
        take(curves_section(view, leading, data));
        take(heat_map_section(view, leading));
        take(worst_cells_section(view, leading));
        take(breaking_points_section(view, leading));
        take(groups_section(view, leading));
        take(reliability_section(view, input, data));
        take(scores_section(view));
    }
    for (Section& section : table_sections(input)) take(std::move(section));
    if (!view.metrics().empty()) take(numbers_section(view));
    take(run_section(input, view));
    return sections;
}

// Fills {{name}} places; what is filled in is not looked at again.
std::string filled(std::string_view page, const std::vector<std::pair<std::string_view, std::string_view>>& values) {
    std::string out;
    while (true) {
        const std::size_t open = page.find("{{");
        out += page.substr(0, open);
        if (open == std::string_view::npos) return out;
        const std::size_t close = page.find("}}", open);
        const std::string_view name = page.substr(open + 2, close - open - 2);
        for (const auto& [key, value] : values) {
            if (key == name) out += value;
        }
        page.remove_prefix(close + 2);
    }
}

}  // namespace

std::string report_html(const ReportInput& input) {
    const RunView view(input.summary);
    const std::size_t leading = leading_metric(view);
    const PageData data = page_data(view, leading, input.reliability);
    std::string navigation, main;
    for (const Section& section : sections_of(input, view, leading, data)) {
        navigation += "<li><a href=\"#section-" + section.id + "\">" + escaped(section.title) + "</a></li>";
        main += "<section id=\"section-" + section.id + "\"><h2>" + escaped(section.title) + "</h2>\n" + section.html +
                "</section>\n";
    }
    const std::string name = escaped(shortened(scenario_name(input.summary.scenario), 120));
    const std::string about = escaped(subtitle(input, view)), verdict = verdict_html(input, view);
    const std::string footer = "misfire " + escaped(input.version) + ", from " + escaped(input.file);
    return filled(embedded_file("report.html"), {{"title", name},
                                                 {"about", about},
                                                 {"body_class", input.summary.results.complete ? "" : "incomplete"},
                                                 {"style", embedded_file("report.css")},
                                                 {"verdict", verdict},
                                                 {"navigation", navigation},
                                                 {"main", main},
                                                 {"footer", footer},
                                                 {"data", data.json},
                                                 {"library", embedded_file("d3.min.js")},
                                                 {"script", embedded_file("report.js")}});
}

}  // namespace misfire
