// What a run says: plain rows, as the console prints them and results.h5 holds them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"

namespace misfire {

struct CellResult {
    std::string cell;  // full name
    std::string model;
    std::string dataset;
    std::string shift;
    double level = 0.0;
    std::string label;
    bool reference = false;
    Status status = Status::ok;
    std::string message;
    std::int64_t n = 0;    // rows that count
    double seconds = 0.0;  // sum over tiles; goes to /environment/timing
};

struct Point {
    std::string cell;
    std::string model;
    std::string shift;
    double level = 0.0;
    std::string label;
    std::string metric;
    std::string group;  // "attribute=value"; "" for all rows
    Estimate estimate;
    std::string message;  // why it is undefined; not in results.h5
};

// One metric against one shift's levels, for all models, over all rows.
struct Curve {
    std::string shift;
    std::string metric;
    std::string level_unit;
    std::string value_unit;
    std::vector<std::string> models;
    std::vector<double> levels;
    std::vector<std::string> labels = {};  // [level], as in cells: "3", "2020-03"
    std::vector<double> values;            // [model, level] row-major, NaN where missing
    std::vector<double> area;              // [model], see results/curves.h
    std::vector<double> drop;              // [model]
};

struct BreakingPoint {
    std::string model;
    std::string shift;
    std::string metric;
    double threshold = 0.0;
    double severity = 0.0;
    double low = 0.0;
    double high = 0.0;
    bool censored = false;
    std::int64_t evaluations = 0;
};

// A number over the cells of a curve or of the whole run, for one model.
struct Aggregate {
    std::string model;
    std::string metric;
    Estimate estimate;
    std::string message;  // why it is undefined
};

// How large a change really was at a level of a shift, in the words of the shift.
struct Effect {
    std::string shift;
    double level = 0.0;
    std::string label;
    double effect = 0.0;
    std::string meaning;
    std::string moves;  // "inputs", "labels", "both"
};

// The breaking point of one group: who is hit first.
struct GroupBreakingPoint {
    std::string group;  // "attribute=value"
    BreakingPoint point;
};

struct BadInput {
    std::string id;
    std::string cell;
    std::string message;
    friend bool operator==(const BadInput&, const BadInput&) = default;
};

struct RunResults {
    bool complete = false;  // every tile of every cell that was not skipped is there
    std::vector<CellResult> cells;
    std::vector<Point> points;
    std::vector<Curve> curves;
    std::vector<BreakingPoint> breaking_points;
    std::vector<GroupBreakingPoint> group_breaking_points;
    std::vector<Effect> effects;
    std::vector<Aggregate> aggregates;
    std::vector<BadInput> bad_inputs;
};

}  // namespace misfire
