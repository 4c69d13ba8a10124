#include "harness/report_figures.h"

#include <algorithm>
#include <cmath>

#include "harness/paper_table.h"
#include "harness/pictures/chart.h"
#include "harness/whole_file.h"
#include "results/report/figures.h"
#include "results/report/findings.h"
#include "results/report/markup.h"
#include "results/report/run_view.h"
#include "scenarios/data/slug.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

using namespace report;

std::string tick_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

class FigureWriter {
  public:
    FigureWriter(const ReportInput& input, fs::path folder)
        : input_(input), folder_(std::move(folder)), view_(input.summary) {
        if (!input.summary.results.complete) watermark_ = "INCOMPLETE";
    }

    std::vector<fs::path> write() {
        for (std::size_t metric = 0; metric < view_.metrics().size(); ++metric) {
            for (std::size_t shift = 0; shift < view_.shifts().size(); ++shift) curve(metric, shift);
            for (std::size_t model = 0; model < view_.models().size(); ++model) heat(metric, model);
        }
        if (!view_.metrics().empty()) models_table();
        for (std::size_t metric = 0; metric < view_.metrics().size(); ++metric) metric_table(metric);
        breaking_table();
        if (!view_.metrics().empty()) groups_table();
        return std::move(files_);
    }

  private:
    template <typename Content>
    void put(const fs::path& name, const Content& content) {
        write_whole_file(folder_ / name, content);
        files_.push_back(folder_ / name);
    }

    template <typename Chart>
    void put_chart(const fs::path& stem, const Chart& chart) {
        put(stem.string() + ".svg", chart_file(chart, theme_, ChartForm::svg));
        put(stem.string() + ".pdf", chart_file(chart, theme_, ChartForm::pdf));
    }

    void put_table(const std::string& name, const PaperTable& table) {
        put(fs::path("tables") / (name + ".csv"), table.csv());
        put(fs::path("tables") / (name + ".tex"), table.latex());
    }

    std::string axis_name(const MetricFacts& metric) const {
        const bool plain = metric.unit.empty() || metric.unit == "fraction" || metric.unit == "1";
        return metric.name + (plain ? "" : " (" + metric.unit + ")");
    }

    void curve(std::size_t metric, std::size_t shift) {
        const ShiftFacts& facts = view_.shifts()[shift];
        const Axis values = value_axis(view_, metric);
        LineChart chart;
        chart.title = facts.name;
        chart.x_name = facts.unit;
        chart.y_name = axis_name(view_.metrics()[metric]);
        chart.y_low = values.low;
        chart.y_high = values.high;
        chart.watermark = watermark_;
        for (const double tick : values.ticks) chart.y_ticks.push_back({tick, tick_text(tick)});
        const std::size_t step = std::max<std::size_t>(1, facts.levels.size() / 8);
        for (std::size_t level = 0; level < facts.levels.size(); level += step)
            chart.x_ticks.push_back({facts.levels[level], facts.labels[level]});
        chart.x_low = facts.levels.front();
        chart.x_high = facts.levels.back();
        if (chart.x_high <= chart.x_low) chart.x_low -= 0.5, chart.x_high += 0.5;
        for (std::size_t model = 0; model < view_.models().size(); ++model) {
            const Series* series = view_.find({metric, 0, shift, model});
            if (series != nullptr) chart.lines.push_back(line_of(*series, facts));
        }
        if (!chart.lines.empty())
            put_chart(fs::path("curves") / to_slug(view_.metrics()[metric].name) / to_slug(facts.name), chart);
    }

    ChartLine line_of(const Series& series, const ShiftFacts& shift) const {
        ChartLine line;
        const std::size_t model = series.key.model;
        line.name = shortened(view_.models()[model], 40);
        line.x = shift.levels;
        line.colour = chart_colour(model);
        line.mark = shift.levels.size() <= 24 ? static_cast<int>(model % 4) : -1;
        line.dashed = model >= model_colours;
        for (const Estimate& estimate : series.at) {
            line.y.push_back(estimate.value);
            line.low.push_back(estimate.low);
            line.high.push_back(estimate.high);
        }
        return line;
    }

    // Shifts whose levels have the same labels share a map; the rest follows in maps of its own.
    void heat(std::size_t metric, std::size_t model) {
        const std::vector<CellFinding> worst = worst_cells(view_, metric, 1);
        std::vector<bool> done(view_.shifts().size(), false);
        std::size_t part = 0;
        for (std::size_t first = 0; first < view_.shifts().size(); ++first) {
            if (done[first]) continue;
            HeatChart chart;
            chart.title = view_.metrics()[metric].name + ", " + shortened(view_.models()[model], 40);
            chart.x_name = view_.shifts()[first].unit;
            chart.columns = view_.shifts()[first].labels;
            chart.watermark = watermark_;
            for (std::size_t shift = first; shift < view_.shifts().size(); ++shift) {
                const ShiftFacts& facts = view_.shifts()[shift];
                if (facts.labels != chart.columns || facts.unit != chart.x_name) continue;
                done[shift] = true;
                const Series* series = view_.find({metric, 0, shift, model});
                if (series != nullptr) add_row(chart, *series, worst.empty() ? 0.0 : worst.front().damage);
            }
            if (chart.rows.empty()) continue;
            ++part;
            put_chart(fs::path("heat") / to_slug(view_.metrics()[metric].name) /
                          (to_slug(view_.models()[model]) + (part > 1 ? "-" + std::to_string(part) : "")),
                      chart);
        }
    }

    void add_row(HeatChart& chart, const Series& series, double worst) const {
        const MetricFacts& metric = view_.metrics()[series.key.metric];
        chart.rows.push_back(shortened(view_.shifts()[series.key.shift].name, 40));
        const double reference = view_.reference(series);
        for (const Estimate& estimate : series.at) {
            const double lost = damage(metric.direction, reference, estimate.value);
            chart.texts.push_back(shown(estimate.value, metric.unit));
            chart.shares.push_back(!std::isfinite(estimate.value)     ? NAN
                                   : worst > 0 && std::isfinite(lost) ? lost / worst
                                                                      : 0.0);
        }
    }

    void models_table() {
        const std::size_t metric = leading_metric(view_);
        const MetricFacts& facts = view_.metrics()[metric];
        PaperTable table({"model", "metric", "clean", "low", "high", "mean under shift", "worst cell", "worst value",
                          "broken shifts", "shifts"},
                         2);
        for (const ModelFinding& finding : model_findings(view_, metric)) {
            const std::string worst = finding.worst
                                          ? view_.shifts()[finding.worst->shift].name + " " +
                                                view_.shifts()[finding.worst->shift].labels[finding.worst->level]
                                          : "";
            table.add({PaperTable::text(finding.model), PaperTable::text(facts.name),
                       PaperTable::number(finding.clean.value, facts.unit),
                       PaperTable::number(finding.clean.low, facts.unit),
                       PaperTable::number(finding.clean.high, facts.unit),
                       PaperTable::number(finding.under_shift, facts.unit), PaperTable::text(worst),
                       PaperTable::number(finding.worst ? finding.worst->estimate.value : NAN, facts.unit),
                       PaperTable::count(finding.broken_shifts), PaperTable::count(finding.shifts_with_threshold)});
        }
        put_table("models", table);
    }

    // The CSV tidy, every group in it; the LaTeX table as one reads it: shifts down, levels across.
    void metric_table(std::size_t metric) {
        const MetricFacts& facts = view_.metrics()[metric];
        const std::string name = to_slug(facts.name);
        PaperTable tidy({"model", "shift", "level", "label", "group", "value", "low", "high", "n", "status"}, 2);
        for (const Series& series : view_.all()) {
            if (series.key.metric != metric) continue;
            const ShiftFacts& shift = view_.shifts()[series.key.shift];
            for (std::size_t level = 0; level < series.at.size(); ++level) {
                const Estimate& estimate = series.at[level];
                tidy.add({PaperTable::text(view_.models()[series.key.model]), PaperTable::text(shift.name),
                          PaperTable::number(shift.levels[level], ""), PaperTable::text(shift.labels[level]),
                          PaperTable::text(view_.groups()[series.key.group]),
                          PaperTable::number(estimate.value, facts.unit), PaperTable::number(estimate.low, facts.unit),
                          PaperTable::number(estimate.high, facts.unit),
                          PaperTable::count(static_cast<std::size_t>(estimate.n)),
                          PaperTable::text(name_of(estimate.status))});
            }
        }
        put(fs::path("tables") / (name + ".csv"), tidy.csv());
        put(fs::path("tables") / (name + ".tex"), wide_tables(metric));
    }

    std::string wide_tables(std::size_t metric) const {
        std::string latex;
        std::vector<bool> done(view_.shifts().size(), false);
        for (std::size_t first = 0; first < view_.shifts().size(); ++first) {
            if (done[first]) continue;
            std::vector<std::string> head = {"model", "shift"};
            head.insert(head.end(), view_.shifts()[first].labels.begin(), view_.shifts()[first].labels.end());
            PaperTable table(head, 2);
            for (std::size_t model = 0; model < view_.models().size(); ++model) {
                for (std::size_t shift = first; shift < view_.shifts().size(); ++shift) {
                    if (view_.shifts()[shift].labels != view_.shifts()[first].labels) continue;
                    done[shift] = true;
                    const Series* series = view_.find({metric, 0, shift, model});
                    if (series == nullptr) continue;
                    std::vector<PaperTable::Cell> row = {PaperTable::text(view_.models()[model]),
                                                         PaperTable::text(view_.shifts()[shift].name)};
                    for (const Estimate& estimate : series->at)
                        row.push_back(PaperTable::number(estimate.value, view_.metrics()[metric].unit));
                    table.add(row);
                }
                table.rule();
            }
            latex += table.latex() + "\n";
        }
        return latex;
    }

    void breaking_table() {
        PaperTable table({"model", "shift", "metric", "threshold", "severity", "low", "high", "censored"}, 3);
        for (const BreakingPoint& point : input_.summary.results.breaking_points) {
            const std::string unit = facts_of(point.metric, input_.summary.results.curves).unit;
            table.add({PaperTable::text(point.model), PaperTable::text(point.shift), PaperTable::text(point.metric),
                       PaperTable::number(point.threshold, unit), PaperTable::number(point.severity, ""),
                       PaperTable::number(point.low, ""), PaperTable::number(point.high, ""),
                       PaperTable::count(point.censored ? 1 : 0)});
        }
        if (!table.empty()) put_table("breaking_points", table);
    }

    void groups_table() {
        const std::optional<std::size_t> metric = metric_of_groups(view_, leading_metric(view_));
        if (!metric) return;
        const MetricFacts& facts = view_.metrics()[*metric];
        PaperTable table({"model", "attribute", "group", "metric", "n", "clean", "mean under shift"}, 4);
        for (const AttributeFinding& finding : group_findings(view_, *metric)) {
            for (const GroupFinding& group : finding.groups) {
                table.add({PaperTable::text(view_.models()[finding.model]), PaperTable::text(finding.attribute),
                           PaperTable::text(group.value), PaperTable::text(facts.name),
                           PaperTable::count(static_cast<std::size_t>(group.n)),
                           PaperTable::number(group.clean, facts.unit),
                           PaperTable::number(group.under_shift, facts.unit)});
            }
        }
        if (!table.empty()) put_table("groups", table);
    }

    const ReportInput& input_;
    fs::path folder_;
    RunView view_;
    SheetTheme theme_;
    std::string watermark_;
    std::vector<fs::path> files_;
};

}  // namespace

std::vector<fs::path> write_figures(const ReportInput& input, const fs::path& folder) {
    return FigureWriter(input, folder).write();
}

}  // namespace misfire
