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
    for (const BadInput& bad : results.bad_inputs) {
        out["bad_inputs"].push_back({{"id", bad.id}, {"cell", bad.cell}, {"message", bad.message}});
    }
    return out;
}

}  // namespace misfire
