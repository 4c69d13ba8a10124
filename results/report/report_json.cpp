// The findings of a report for scripts.
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/report/findings.h"
#include "results/report/report.h"

namespace misfire {

namespace {

using namespace report;
using nlohmann::json;

constexpr std::size_t most_worst_cells = 20;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json estimate_json(const Estimate& estimate) {
    return {{"value", number(estimate.value)},
            {"low", number(estimate.low)},
            {"high", number(estimate.high)},
            {"n", estimate.n},
            {"status", name_of(estimate.status)}};
}

json cell_json(const RunView& view, const CellFinding& cell) {
    const ShiftFacts& shift = view.shifts()[cell.shift];
    return {{"cell", cell_name(view.models()[cell.model], shift.name, shift.labels[cell.level])},
            {"value", number(cell.estimate.value)},
            {"low", number(cell.estimate.low)},
            {"high", number(cell.estimate.high)},
            {"reference", number(cell.reference)},
            {"lost", number(cell.damage)},
            {"n", cell.estimate.n}};
}

json models_json(const RunView& view, std::size_t metric) {
    json models = json::array();
    for (const ModelFinding& finding : model_findings(view, metric)) {
        models.push_back({{"model", finding.model},
                          {"clean", estimate_json(finding.clean)},
                          {"mean_under_shift", number(finding.under_shift)},
                          {"worst", finding.worst ? cell_json(view, *finding.worst) : json(nullptr)},
                          {"broken_shifts", finding.broken_shifts},
                          {"shifts_with_threshold", finding.shifts_with_threshold}});
    }
    return models;
}

json groups_json(const RunView& view, std::size_t metric) {
    json attributes = json::array();
    for (const AttributeFinding& finding : group_findings(view, metric)) {
        json groups = json::array();
        for (const GroupFinding& group : finding.groups) {
            groups.push_back({{"group", group.value},
                              {"n", group.n},
                              {"clean", number(group.clean)},
                              {"mean_under_shift", number(group.under_shift)}});
        }
        attributes.push_back({{"attribute", finding.attribute},
                              {"model", view.models()[finding.model]},
                              {"metric", view.metrics()[metric].name},
                              {"groups", std::move(groups)}});
    }
    return attributes;
}

const char* state_name(State state) {
    return state == State::complete ? "complete" : state == State::undecided ? "undecided" : "incomplete";
}

}  // namespace

std::string report_json(const ReportInput& input) {
    const RunView view(input.summary);
    const Verdict verdict = verdict_of(view);
    json out = {{"state", state_name(verdict.state)},
                {"verdict", verdict.text},
                {"findings", verdict.findings},
                {"complete", input.summary.results.complete},
                {"seed", input.summary.seed},
                {"cells", input.summary.results.cells.size()},
                {"metric", nullptr},
                {"models", json::array()},
                {"worst_cells", json::array()},
                {"breaking_points", json::array()},
                {"groups", json::array()}};
    for (const BreakingPoint& point : input.summary.results.breaking_points) {
        out["breaking_points"].push_back({{"model", point.model},
                                          {"shift", point.shift},
                                          {"metric", point.metric},
                                          {"threshold", number(point.threshold)},
                                          {"severity", number(point.severity)},
                                          {"low", number(point.low)},
                                          {"high", number(point.high)},
                                          {"censored", point.censored}});
    }
    if (!view.metrics().empty()) {
        const std::size_t metric = leading_metric(view);
        out["metric"] = view.metrics()[metric].name;
        out["models"] = models_json(view, metric);
        for (const CellFinding& cell : worst_cells(view, metric, most_worst_cells))
            out["worst_cells"].push_back(cell_json(view, cell));
        if (const auto grouped = metric_of_groups(view, metric)) out["groups"] = groups_json(view, *grouped);
    }
    return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace misfire
