// Sections made of tables: models, worst cells, groups, scores, what else the run wrote, all numbers.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "results/curve_metrics/registry.h"
#include "results/report/findings.h"
#include "results/report/markup.h"
#include "results/report/sections.h"

namespace misfire::report {

namespace {

constexpr std::size_t most_worst_cells = 20;
constexpr std::size_t most_groups = 24;
constexpr std::size_t most_table_rows = 500;
constexpr std::size_t most_numbers = 40000;

std::string cell_link(const RunView& view, const CellFinding& cell) {
    const ShiftFacts& shift = view.shifts()[cell.shift];
    const std::string name = cell_name(view.models()[cell.model], shift.name, shift.labels[cell.level]);
    return "<a href=\"#" + escaped(name) + "\" title=\"" + escaped(name) + "\">" + escaped(shortened(name, 70)) +
           "</a>";
}

// A number with a bar behind it; `share` of the width, 0 to 1.
std::string barred(const std::string& text, double share) {
    return "<span class=\"barred\" style=\"--w:" +
           coordinate(std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0)) + "\">" + text + "</span>";
}

std::string aggregates_html(const RunView& view) {
    const std::vector<Aggregate>& aggregates = view.summary().results.aggregates;
    if (aggregates.empty()) return "";
    std::vector<std::string> head = {"over the run"}, metrics;
    head.insert(head.end(), view.models().begin(), view.models().end());
    for (const Aggregate& aggregate : aggregates) {
        if (std::find(metrics.begin(), metrics.end(), aggregate.metric) == metrics.end())
            metrics.push_back(aggregate.metric);
    }
    HtmlTable table("Numbers over the whole run, with 95 % intervals", head);
    std::set<std::string> reasons;
    for (const std::string& metric : metrics) {
        const CurveMetric* known = find_curve_metric(metric);
        const std::string unit = known != nullptr ? known->info().unit : "";
        std::vector<std::string> row = {escaped(metric) + (unit == "%" ? " (%)" : "")};
        row.resize(1 + view.models().size(), "\u2013");
        for (const Aggregate& aggregate : aggregates) {
            if (aggregate.metric != metric) continue;
            const auto model = std::find(view.models().begin(), view.models().end(), aggregate.model);
            if (model == view.models().end()) continue;
            row[1 + static_cast<std::size_t>(model - view.models().begin())] = shown(aggregate.estimate, unit);
            if (!aggregate.message.empty()) reasons.insert(metric + " is undefined: " + aggregate.message);
        }
        table.add(row);
    }
    std::string html = table.html();
    for (const std::string& reason : reasons) html += "<p class=\"note\">" + escaped(reason) + "</p>";
    return html;
}

std::string spaced(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string words_of(std::string name) {
    name = spaced(std::move(name));
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

// States that a reader looks for in tables of checks and monitors.
std::string state_class(const std::string& text) {
    static const std::set<std::string> bad = {"breached", "error", "failed", "regressed", "alarm"};
    static const std::set<std::string> unsure = {"inconclusive", "undefined", "skipped", "warning", "warn"};
    static const std::set<std::string> good = {"holds", "held", "ok", "passed", "improved", "unchanged"};
    if (bad.count(text) != 0) return "state bad";
    if (unsure.count(text) != 0) return "state unsure";
    return good.count(text) != 0 ? "state good" : "";
}

// A word such as "error" is a state in some columns and a name in others: what a monitor looks at.
bool holds_states(const std::string& column) { return column == "status" || column == "word" || column == "outcome"; }

std::string table_cell(const std::string& column, const std::string& text) {
    constexpr std::size_t longest_line = 40;
    if (text.size() > longest_line) return "<span class=\"long\">" + escaped(text) + "</span>";
    const std::string state = holds_states(column) ? state_class(text) : "";
    return state.empty() ? escaped(text) : "<span class=\"" + state + "\">" + escaped(text) + "</span>";
}

// Columns that say something: those that differ between rows. What is the same everywhere is said once, below.
std::vector<std::size_t> telling_columns(const NamedTable& table, std::string& same) {
    std::vector<std::size_t> columns;
    const bool labelled = std::find(table.columns.begin(), table.columns.end(), "label") != table.columns.end();
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (labelled && table.columns[c] == "level") continue;  // the label says it in words
        const auto& first = table.rows.front()[c];
        const bool differs =
            std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[c] != first; });
        if (differs || table.rows.size() == 1)
            columns.push_back(c);
        else if (!first.empty())
            same += (same.empty() ? "" : ", ") + spaced(table.columns[c]) + " " + first;
    }
    return columns;
}

Section table_section(const NamedTable& table) {
    std::string same;
    const std::vector<std::size_t> columns = telling_columns(table, same);
    std::vector<std::string> head;
    for (const std::size_t c : columns) head.push_back(spaced(table.columns[c]));
    HtmlTable html(words_of(table.name) + ", " + grouped_number(static_cast<std::int64_t>(table.rows.size())) +
                       (table.rows.size() == 1 ? " row" : " rows"),
                   head, head.size());
    for (std::size_t row = 0; row < std::min(table.rows.size(), most_table_rows); ++row) {
        std::vector<std::string> cells;
        for (const std::size_t c : columns) cells.push_back(table_cell(table.columns[c], table.rows[row][c]));
        html.add(cells);
    }
    std::string note;
    if (!same.empty()) note += "<p class=\"note\">The same in all rows: " + escaped(same) + ".</p>";
    if (table.rows.size() > most_table_rows)
        note +=
            "<p class=\"note\">The first " + std::to_string(most_table_rows) + " rows; results.h5 has all of them.</p>";
    return {"table-" + table.name, words_of(table.name), "<div class=\"as-it-is\">" + html.html() + "</div>" + note};
}

}  // namespace

Section models_section(const RunView& view, std::size_t leading) {
    const MetricFacts& metric = view.metrics()[leading];
    HtmlTable table("Each model in a line: " + metric.name,
                    {"model", "clean", "mean under shift", "worst cell", "value there", "shifts that break it"});
    for (const ModelFinding& finding : model_findings(view, leading)) {
        table.add({escaped(finding.model), shown(finding.clean, metric.unit), shown(finding.under_shift, metric.unit),
                   finding.worst ? cell_link(view, *finding.worst) : "\u2013",
                   finding.worst ? shown(finding.worst->estimate, metric.unit) : "\u2013",
                   finding.shifts_with_threshold > 0
                       ? std::to_string(finding.broken_shifts) + " of " + std::to_string(finding.shifts_with_threshold)
                       : "\u2013"});
    }
    return {"models", "Models", table.html() + aggregates_html(view)};
}

Section worst_cells_section(const RunView& view, std::size_t leading) {
    const std::vector<CellFinding> cells = worst_cells(view, leading, most_worst_cells);
    if (cells.empty()) return {};
    const MetricFacts& metric = view.metrics()[leading];
    HtmlTable table("The " + std::to_string(cells.size()) + " cells that lose most " + metric.name +
                        " against their reference level",
                    {"cell", metric.name, "reference", "lost", "samples"});
    for (const CellFinding& cell : cells) {
        const double share = cells.front().damage > 0 ? cell.damage / cells.front().damage : 0.0;
        table.add({cell_link(view, cell), shown(cell.estimate, metric.unit), shown(cell.reference, metric.unit),
                   barred(shown(cell.damage, metric.unit), share), grouped_number(cell.estimate.n)});
    }
    return {"worst-cells", "Worst cells", table.html()};
}

Section groups_section(const RunView& view, std::size_t leading) {
    const std::optional<std::size_t> metric = metric_of_groups(view, leading);
    if (!metric) return {};
    const MetricFacts& facts = view.metrics()[*metric];
    std::string html =
        "<p>" + escaped(facts.name) +
        " per group: at the reference level, and on average over all shifted levels. The gap is between the "
        "best and the worst group.</p>\n";
    for (const AttributeFinding& finding : group_findings(view, *metric)) {
        const auto range = [&](auto member) {
            double low = INFINITY, high = -INFINITY;
            for (const GroupFinding& group : finding.groups) {
                if (!std::isfinite(group.*member)) continue;
                low = std::min(low, group.*member);
                high = std::max(high, group.*member);
            }
            return high - low;
        };
        const std::string& model = view.models()[finding.model];
        html += "<details" + std::string(finding.model == 0 ? " open" : "") + "><summary>" +
                escaped(shortened(model, 60)) + " by " + escaped(finding.attribute) + ": gap " +
                shown(range(&GroupFinding::clean), facts.unit) + " clean, " +
                shown(range(&GroupFinding::under_shift), facts.unit) + " under shift, worst " +
                escaped(shortened(finding.groups.front().value, 60)) + "</summary>";
        HtmlTable table(facts.name + " of " + model + " by " + finding.attribute,
                        {finding.attribute, "samples", "clean", "mean under shift"});
        double most = 0.0;
        for (const GroupFinding& group : finding.groups)
            most = std::max({most, std::isfinite(group.clean) ? group.clean : 0.0,
                             std::isfinite(group.under_shift) ? group.under_shift : 0.0});
        for (std::size_t g = 0; g < std::min(finding.groups.size(), most_groups); ++g) {
            const GroupFinding& group = finding.groups[g];
            table.add({"<span class=\"long\" title=\"" + escaped(group.value) + "\">" +
                           escaped(shortened(group.value, 80)) + "</span>",
                       grouped_number(group.n), barred(shown(group.clean, facts.unit), group.clean / most),
                       barred(shown(group.under_shift, facts.unit), group.under_shift / most)});
        }
        html += table.html();
        if (finding.groups.size() > most_groups) {
            html += "<p class=\"note\">The " + std::to_string(most_groups) + " worst of " +
                    std::to_string(finding.groups.size()) + " groups; results.h5 has all of them.</p>";
        }
        html += "</details>\n";
    }
    return {"groups", "Groups", html};
}

Section scores_section(const RunView& view) {
    // <metric>:<score>, a column per metric and shift at its last level.
    std::vector<std::string> scores, head = {"score", "model", "shift"}, kinds;
    std::map<std::pair<std::string, std::string>, std::size_t> at;  // kind, score -> metric
    for (std::size_t m = 0; m < view.metrics().size(); ++m) {
        const std::string& name = view.metrics()[m].name;
        const std::size_t colon = name.find(':');
        if (colon == std::string::npos) continue;
        const std::string kind = name.substr(0, colon), score = name.substr(colon + 1);
        if (std::find(scores.begin(), scores.end(), score) == scores.end()) scores.push_back(score);
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
        at[{kind, score}] = m;
    }
    if (scores.empty()) return {};
    head.insert(head.end(), kinds.begin(), kinds.end());
    HtmlTable table("Scores at the last level of each shift", head, 3);
    for (const std::string& score : scores) {
        for (std::size_t model = 0; model < view.models().size(); ++model) {
            for (std::size_t s = 0; s < view.shifts().size(); ++s) {
                std::vector<std::string> row = {escaped(score), escaped(view.models()[model]),
                                                escaped(view.shifts()[s].name)};
                bool any = false;
                for (const std::string& kind : kinds) {
                    const auto metric = at.find({kind, score});
                    const Series* series = metric == at.end() ? nullptr : view.find({metric->second, 0, s, model});
                    const bool has = series != nullptr && series->at.back().status == Status::ok;
                    any = any || has;
                    row.push_back(has ? shown(series->at.back(), view.metrics()[metric->second].unit) : "\u2013");
                }
                if (any) table.add(row);
            }
        }
    }
    if (table.empty()) return {};
    return {"scores", "Known from unknown",
            "<p>How well each score tells known from unknown inputs; the curves show every level.</p>" + table.html()};
}

std::vector<Section> table_sections(const ReportInput& input) {
    std::vector<Section> sections;
    // What a reader of a verdict asks for first comes first.
    for (const char* first : {"checks", "monitors"}) {
        for (const NamedTable& table : input.tables) {
            if (table.name == first && !table.rows.empty()) sections.push_back(table_section(table));
        }
    }
    for (const NamedTable& table : input.tables) {
        if (table.name != "checks" && table.name != "monitors" && !table.rows.empty())
            sections.push_back(table_section(table));
    }
    return sections;
}

Section numbers_section(const RunView& view) {
    std::string html;
    std::size_t written = 0;
    for (std::size_t metric = 0; metric < view.metrics().size(); ++metric) {
        const MetricFacts& facts = view.metrics()[metric];
        std::string tables;
        for (std::size_t s = 0; s < view.shifts().size() && written < most_numbers; ++s) {
            const ShiftFacts& shift = view.shifts()[s];
            std::vector<std::string> head = {"model"};
            head.insert(head.end(), shift.labels.begin(), shift.labels.end());
            HtmlTable table(facts.name + " under " + shift.name, head);
            for (std::size_t m = 0; m < view.models().size(); ++m) {
                const Series* series = view.find({metric, 0, s, m});
                if (series == nullptr) continue;
                std::vector<std::string> row = {escaped(view.models()[m])};
                for (const Estimate& estimate : series->at) row.push_back(shown(estimate, facts.unit));
                written += series->at.size();
                table.add(row);
            }
            if (!table.empty()) tables += table.html();
        }
        if (!tables.empty())
            html += "<details><summary>" + escaped(facts.name) + "</summary>" + tables + "</details>\n";
    }
    if (html.empty()) return {};
    if (written >= most_numbers) html += "<p class=\"note\">Not all fit into a page; results.h5 has all of them.</p>";
    return {"numbers", "All numbers",
            "<p>Every value over all samples with its 95 % interval, behind the figures above.</p>" + html};
}

}  // namespace misfire::report
