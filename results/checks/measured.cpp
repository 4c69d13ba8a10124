#include "results/checks/measured.h"

#include <algorithm>
#include <cmath>

#include "results/compare/paired_tests.h"
#include "results/metrics/registry.h"

namespace misfire {
namespace {

constexpr double z_of_95 = 1.959963984540054;

// The stored 95 % interval at another level, each side stretched in proportion.
Measured from_estimate(const Estimate& estimate, Interval kind, double tail) {
    Measured measured;
    measured.value = estimate.value;
    measured.n = estimate.n;
    const double stretch = normal_quantile(1.0 - tail) / z_of_95;
    if (kind == Interval::wilson && estimate.n > 0) {
        const auto hits = std::llround(estimate.value * static_cast<double>(estimate.n));
        const Bounds bounds = wilson_interval(hits, estimate.n, tail);
        measured.low = bounds.low;
        measured.high = bounds.high;
    } else if (std::isnan(estimate.low) || std::isnan(estimate.high)) {
        measured.exact = true;
    } else {
        measured.low = estimate.value - stretch * (estimate.value - estimate.low);
        measured.high = estimate.value + stretch * (estimate.high - estimate.value);
    }
    measured.standard_error = (measured.high - measured.low) / (2.0 * normal_quantile(1.0 - tail));
    return measured;
}

Measured missing(const std::string& why) {
    Measured measured;
    measured.undefined_because = why;
    return measured;
}

std::string why_missing(const ResultsFile& run, const std::string& cell, const std::string& metric) {
    for (const CellResult& result : run.summary().results.cells) {
        if (result.cell == cell && result.status != Status::ok)
            return cell + " is " + name_of(result.status) + ": " + result.message;
    }
    return metric + " of " + cell + " is undefined";
}

Measured of_the_run(const ResultsFile& run, const Statement& statement, double tail) {
    const std::string& model = run.record().models[statement.places.front().model].name;
    for (const Aggregate& aggregate : run.summary().results.aggregates) {
        if (aggregate.model != model || aggregate.metric != statement.base) continue;
        Measured measured = from_estimate(aggregate.estimate, Interval::bootstrap, tail);
        if (aggregate.estimate.status != Status::ok) measured.undefined_because = aggregate.message;
        return measured;
    }
    return missing("the run has no " + statement.base + " of " + model);
}

Measured breaking_point(const ResultsFile& run, const Statement& statement, double tail) {
    const StatementPlace& place = statement.places.front();
    const std::string& model = run.record().models[place.model].name;
    if (!statement.group.empty()) return missing("breaking points are of all samples: leave `group` out");
    for (const BreakingPoint& point : run.summary().results.breaking_points) {
        if (point.model != model || point.shift != place.shift || point.metric != statement.base) continue;
        if (std::isnan(point.severity)) return missing("there is no breaking point: nothing to cross");
        const double last = point.censored ? point.severity : HUGE_VAL;
        Estimate estimate{point.severity, point.low, point.high, 0, Status::ok};
        // Beyond the levels: the worse end at the last of them, the better end anywhere.
        if (std::isnan(estimate.low)) estimate.low = std::min(point.severity, last);
        const bool open = std::isnan(estimate.high);
        if (open) estimate.high = point.severity;
        Measured measured = from_estimate(estimate, Interval::bootstrap, tail);
        measured.low = std::max(measured.low, 0.0);
        if (open || point.censored) measured.high = HUGE_VAL;
        return measured;
    }
    return missing("the run has no breaking point of " + statement.base);
}

Measured point(const ResultsFile& run, const Statement& statement, double tail) {
    const StatementPlace& place = statement.places.front();
    const std::string cell = cell_name(run.record().models[place.model].name, place.shift, place.label);
    for (const Point& point : run.summary().results.points) {
        if (point.cell != cell || point.metric != statement.base || point.group != statement.group) continue;
        if (point.estimate.status != Status::ok) return missing(why_missing(run, cell, statement.base));
        return from_estimate(point.estimate, metric_named(statement.base).info().interval, tail);
    }
    return missing("the run has no " + statement.base + " of " + cell +
                   (statement.group.empty() ? "" : " in the group " + statement.group));
}

}  // namespace

Measured measured_in_tables(const ResultsFile& run, const Statement& statement, double tail) {
    if (statement.kind == StatementKind::cost) return measured_cost(run, statement);
    if (statement.kind == StatementKind::over_the_run) return of_the_run(run, statement, tail);
    return statement.part == "breaking_point" ? breaking_point(run, statement, tail) : point(run, statement, tail);
}

Measured measured_cost(const ResultsFile& file, const Statement& statement) {
    double seconds = 0.0;
    std::int64_t samples = 0;
    for (const StatementPlace& place : statement.places) {
        const std::string cell = cell_name(file.record().models[place.model].name, place.shift, place.label);
        for (const CellResult& result : file.summary().results.cells) {
            if (result.cell != cell || result.status != Status::ok) continue;
            seconds += result.seconds;
            samples += result.n;
        }
    }
    if (samples == 0) return missing("no sample of these cells was timed");
    Measured measured;
    measured.value = seconds / static_cast<double>(samples);
    measured.exact = true;
    return measured;
}

}  // namespace misfire
