// What a run says: plain rows, as the console prints them and results.h5 holds them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/check.h"
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

// What one monitor made of one stream: clean samples, then those of a level from the change on.
struct MonitorResult {
    std::string model;
    std::string shift;
    double level = 0.0;  // NaN where the stream goes through all levels of a calendar
    std::string label;   // "" likewise
    std::string monitor;
    std::string kind;  // streaming | batch
    std::string on;
    Status status = Status::undefined;
    std::string message;
    std::int64_t clean = 0;  // samples before the change that were watched
    std::int64_t false_alarms = 0;
    double false_alarms_per_1000 = std::numeric_limits<double>::quiet_NaN();
    std::int64_t changed = 0;  // samples from the change on
    bool warned = false;       // from the change on
    bool alarm = false;        // from the change on; without a known change, anywhere
    std::string alarm_id;      // sample that raised it, "" for none
    // Samples from the change to the first warning or alarm, 0 for the first changed sample; NaN for none.
    double warning_delay_samples = std::numeric_limits<double>::quiet_NaN();
    double delay_samples = std::numeric_limits<double>::quiet_NaN();
    double delay_days = std::numeric_limits<double>::quiet_NaN();  // NaN too where the data has no time
    // Excess error from the change until the alarm, or until the end where there is none: wrong answers more than the
    // clean data had, or absolute error in the unit of the target.
    double harm = std::numeric_limits<double>::quiet_NaN();
};

// An accuracy that nobody measured, beside the one that was. Never to be shown as measured.
struct AccuracyEstimate {
    std::string model;
    std::string shift;
    double level = 0.0;
    std::string label;
    std::string monitor;
    Status status = Status::undefined;
    std::string message;
    double estimate = std::numeric_limits<double>::quiet_NaN();
    double low = std::numeric_limits<double>::quiet_NaN();  // band of the method; NaN where it has none
    double high = std::numeric_limits<double>::quiet_NaN();
    double measured = std::numeric_limits<double>::quiet_NaN();  // on the same samples
    double gap = std::numeric_limits<double>::quiet_NaN();       // estimate - measured: above 0 is too hopeful
    std::int64_t n = 0;
};

// How often a monitor alarms where nothing changed: over resamples of a model's clean outcomes.
struct MonitorTrial {
    std::string model;
    std::string monitor;
    std::string on;
    Status status = Status::undefined;
    std::string message;
    std::int64_t run = 1;  // consecutive samples drawn together; 1: each by itself, as guarantees suppose
    std::int64_t trials = 0;
    std::int64_t samples = 0;  // watched in each
    std::int64_t with_alarm = 0;
    double share = std::numeric_limits<double>::quiet_NaN();  // with_alarm / trials, 95 % interval of Wilson
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
    double false_alarms_per_1000 = std::numeric_limits<double>::quiet_NaN();
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

// What became of one statement of a check.
struct CheckResult {
    enum class Outcome {
        holds,
        breached,      // the whole interval lies beyond the limit
        inconclusive,  // the interval straddles the limit
        undecidable,   // a cell failed, is missing, or has no value
        skipped        // switched off, or relative without a baseline
    };
    std::string check;  // as the scenario or the command line has it, on one line
    std::string name;   // "model/shift/label metric limit": unique in a run
    std::string model;
    std::string shift;
    std::string label;
    std::string metric;
    std::string group;
    std::string limit_kind;  // min | max | max_regression
    double limit = 0.0;
    double value = std::numeric_limits<double>::quiet_NaN();  // the metric, or the regression of max_regression
    double low =
        std::numeric_limits<double>::quiet_NaN();  // interval at the level of the gate, NaN where there is none
    double high = std::numeric_limits<double>::quiet_NaN();
    double now = std::numeric_limits<double>::quiet_NaN();       // of max_regression: the metric in this run ...
    double baseline = std::numeric_limits<double>::quiet_NaN();  // ... and in the baseline
    std::int64_t n = 0;
    CheckLevel on_breach = CheckLevel::error;
    CheckLevel on_inconclusive = CheckLevel::error;
    Outcome outcome = Outcome::undecidable;
    std::int64_t samples_needed = 0;  // of inconclusive: how many would settle it, 0 where no number would
    std::string message;              // one sentence
};

inline const char* name_of(CheckResult::Outcome outcome) {
    switch (outcome) {
        case CheckResult::Outcome::holds: return "holds";
        case CheckResult::Outcome::breached: return "breached";
        case CheckResult::Outcome::inconclusive: return "inconclusive";
        case CheckResult::Outcome::undecidable: return "undecidable";
        case CheckResult::Outcome::skipped: return "skipped";
    }
    return "";
}

struct RunResults {
    bool complete = false;  // every tile of every cell that was not skipped is there
    std::vector<CellResult> cells;
    std::vector<Point> points;
    std::vector<Curve> curves;
    std::vector<BreakingPoint> breaking_points;
    std::vector<GroupBreakingPoint> group_breaking_points;
    std::vector<Effect> effects;
    std::vector<Aggregate> aggregates;
    std::vector<MonitorResult> monitors;
    std::vector<AccuracyEstimate> accuracy_estimates;
    std::vector<MonitorTrial> monitor_trials;
    std::vector<BadInput> bad_inputs;
    std::vector<CheckResult> checks;  // of the scenario, filled once the run is complete
};

}  // namespace misfire
