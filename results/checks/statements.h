// A check, which has patterns, as the single statements that it makes about a run.
#pragma once

#include <string>
#include <vector>

#include "core/check.h"
#include "results/run_record.h"

namespace misfire {

enum class StatementKind { cell, curve, over_the_run, cost, monitor };

// What a statement is about: one cell, one curve or one number over the run; with combine: mean, several of a kind.
struct StatementPlace {
    std::size_t model = 0;  // index in RunRecord::models
    std::string shift;      // "clean" for the clean cell, "" for numbers over the run
    std::string label;      // "" for whole curves
};

struct Statement {
    CheckSpec check;
    StatementKind kind = StatementKind::cell;
    std::string base;  // of the metric: "accuracy" of "accuracy.area"
    std::string part;  // area | drop | breaking_point | ""
    std::vector<StatementPlace> places;
    std::string group;       // name, "" for all samples
    std::string limit_kind;  // min | max | max_regression
    double limit = 0.0;
    std::string name;
};

// In the order of checks, models, shifts, levels, groups and limits. Throws ScenarioError, naming the nearest name,
// where a check matches nothing in the run, has a metric that the run does not take, or asks for a regression of a
// metric of which neither more nor less is better. Checks of monitors are not among them (see monitor_statements()).
std::vector<Statement> statements_of(const std::vector<CheckSpec>& checks, const RunRecord& record);

}  // namespace misfire
