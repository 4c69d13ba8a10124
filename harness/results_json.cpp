#include "harness/results_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace misfire {

namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json numbers(const std::vector<double>& values) {
    json out = json::array();
    for (const double value : values) out.push_back(number(value));
    return out;
}

// Present only in runs with monitors.
void add_monitors(json& out, const RunResults& results) {
    for (const MonitorResult& monitor : results.monitors) {
        out["monitors"].push_back({{"model", monitor.model},
                                   {"shift", monitor.shift},
                                   {"level", number(monitor.level)},
                                   {"label", monitor.label},
                                   {"monitor", monitor.monitor},
                                   {"kind", monitor.kind},
                                   {"on", monitor.on},
                                   {"status", name_of(monitor.status)},
                                   {"clean", monitor.clean},
                                   {"false_alarms", monitor.false_alarms},
                                   {"false_alarms_per_1000", number(monitor.false_alarms_per_1000)},
                                   {"changed", monitor.changed},
                                   {"warned", monitor.warned},
                                   {"warning_delay_samples", number(monitor.warning_delay_samples)},
                                   {"alarm", monitor.alarm},
                                   {"alarm_id", monitor.alarm_id},
                                   {"delay_samples", number(monitor.delay_samples)},
                                   {"delay_days", number(monitor.delay_days)},
                                   {"harm", number(monitor.harm)},
                                   {"message", monitor.message}});
    }
    for (const AccuracyEstimate& estimate : results.accuracy_estimates) {
        out["accuracy_estimates"].push_back({{"model", estimate.model},
                                             {"shift", estimate.shift},
                                             {"level", number(estimate.level)},
                                             {"label", estimate.label},
                                             {"monitor", estimate.monitor},
                                             {"status", name_of(estimate.status)},
                                             {"estimate", number(estimate.estimate)},
                                             {"low", number(estimate.low)},
                                             {"high", number(estimate.high)},
                                             {"measured", number(estimate.measured)},
                                             {"gap", number(estimate.gap)},
                                             {"n", estimate.n},
                                             {"message", estimate.message}});
    }
    for (const MonitorTrial& trial : results.monitor_trials) {
        out["monitor_trials"].push_back({{"model", trial.model},
                                         {"monitor", trial.monitor},
                                         {"on", trial.on},
                                         {"status", name_of(trial.status)},
                                         {"run", trial.run},
                                         {"trials", trial.trials},
                                         {"samples", trial.samples},
                                         {"with_alarm", trial.with_alarm},
                                         {"share", number(trial.share)},
                                         {"low", number(trial.low)},
                                         {"high", number(trial.high)},
                                         {"false_alarms_per_1000", number(trial.false_alarms_per_1000)},
                                         {"message", trial.message}});
    }
}

// JSON has no infinity: a recovery that never comes has no value and this status.
const char* status_of(const Estimate& estimate) {
    return std::isinf(estimate.value) ? "never" : name_of(estimate.status);
}

}  // namespace

json results_json(const RunResults& results) {
    json out = {{"complete", results.complete},     {"cells", json::array()},
                {"points", json::array()},          {"curves", json::array()},
                {"breaking_points", json::array()}, {"aggregates", json::array()},
                {"bad_inputs", json::array()},      {"group_breaking_points", json::array()},
                {"effects", json::array()}};
    for (const CellResult& cell : results.cells) {
        out["cells"].push_back({{"cell", cell.cell},
                                {"model", cell.model},
                                {"dataset", cell.dataset},
                                {"shift", cell.shift},
                                {"level", cell.level},
                                {"label", cell.label},
                                {"reference", cell.reference},
                                {"status", name_of(cell.status)},
                                {"message", cell.message},
                                {"n", cell.n},
                                {"seconds", cell.seconds}});
    }
    for (const Point& point : results.points) {
        out["points"].push_back({{"cell", point.cell},
                                 {"model", point.model},
                                 {"shift", point.shift},
                                 {"level", point.level},
                                 {"label", point.label},
                                 {"metric", point.metric},
                                 {"group", point.group},
                                 {"value", number(point.estimate.value)},
                                 {"low", number(point.estimate.low)},
                                 {"high", number(point.estimate.high)},
                                 {"n", point.estimate.n},
                                 {"status", status_of(point.estimate)}});
    }
    for (const Curve& curve : results.curves) {
        out["curves"].push_back({{"shift", curve.shift},
                                 {"metric", curve.metric},
                                 {"models", curve.models},
                                 {"levels", numbers(curve.levels)},
                                 {"labels", curve.labels},
                                 {"values", numbers(curve.values)},
                                 {"area", numbers(curve.area)},
                                 {"drop", numbers(curve.drop)}});
    }
    for (const BreakingPoint& point : results.breaking_points) {
        out["breaking_points"].push_back({{"model", point.model},
                                          {"shift", point.shift},
                                          {"metric", point.metric},
                                          {"threshold", number(point.threshold)},
                                          {"severity", number(point.severity)},
                                          {"low", number(point.low)},
                                          {"high", number(point.high)},
                                          {"censored", point.censored},
                                          {"evaluations", point.evaluations}});
    }
    for (const GroupBreakingPoint& group : results.group_breaking_points) {
        out["group_breaking_points"].push_back({{"model", group.point.model},
                                                {"shift", group.point.shift},
                                                {"metric", group.point.metric},
                                                {"group", group.group},
                                                {"threshold", number(group.point.threshold)},
                                                {"severity", number(group.point.severity)},
                                                {"low", number(group.point.low)},
                                                {"high", number(group.point.high)},
                                                {"censored", group.point.censored},
                                                {"evaluations", group.point.evaluations}});
    }
    for (const Effect& effect : results.effects) {
        out["effects"].push_back({{"shift", effect.shift},
                                  {"level", effect.level},
                                  {"label", effect.label},
                                  {"effect", number(effect.effect)},
                                  {"meaning", effect.meaning},
                                  {"moves", effect.moves}});
    }
    for (const Aggregate& aggregate : results.aggregates) {
        out["aggregates"].push_back({{"model", aggregate.model},
                                     {"metric", aggregate.metric},
                                     {"value", number(aggregate.estimate.value)},
                                     {"low", number(aggregate.estimate.low)},
                                     {"high", number(aggregate.estimate.high)},
                                     {"n", aggregate.estimate.n},
                                     {"status", name_of(aggregate.estimate.status)},
                                     {"message", aggregate.message}});
    }
    add_monitors(out, results);
    for (const BadInput& bad : results.bad_inputs) {
        out["bad_inputs"].push_back({{"id", bad.id}, {"cell", bad.cell}, {"message", bad.message}});
    }
    return out;
}

}  // namespace misfire
