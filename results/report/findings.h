// What a run amounts to, before anybody looks at a figure. Inner header of results/report/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/report/run_view.h"

namespace misfire::report {

// The metric that leads the report: the first of the run that has a direction and a value, else the first.
std::size_t leading_metric(const RunView& view);

struct CellFinding {
    std::size_t model = 0;
    std::size_t shift = 0;
    std::size_t level = 0;
    Estimate estimate;
    double reference = 0.0;
    double damage = 0.0;  // see damage()
};

// Cells other than references, most damaged first; no more than `most`, and those without a value left out.
std::vector<CellFinding> worst_cells(const RunView& view, std::size_t metric, std::size_t most);

struct ModelFinding {
    std::string model;
    Estimate clean;      // at the reference level of the first shift that has a value there
    double under_shift;  // mean over the levels other than references of all shifts; NaN where there are none
    std::size_t broken_shifts = 0;
    std::size_t shifts_with_threshold = 0;
    std::optional<CellFinding> worst;
};
std::vector<ModelFinding> model_findings(const RunView& view, std::size_t metric);

// Groups of one attribute under one metric and model.
struct GroupFinding {
    std::size_t group = 0;  // of RunView::groups()
    std::string value;      // behind "attribute="
    std::int64_t n = 0;     // samples at the reference level
    double clean = 0.0;     // NaN where missing
    double under_shift = 0.0;
};
struct AttributeFinding {
    std::string attribute;
    std::size_t model = 0;
    std::vector<GroupFinding> groups;  // the one that fares worst under shift first
};
std::vector<AttributeFinding> group_findings(const RunView& view, std::size_t metric);

// The first metric from `metric` on that has values per group; nothing where none has.
std::optional<std::size_t> metric_of_groups(const RunView& view, std::size_t metric);

enum class State { complete, undecided, incomplete };
struct Verdict {
    State state = State::complete;
    std::string text;                   // "complete", "3 of 96 cells failed", ...
    std::vector<std::string> findings;  // sentences
};
Verdict verdict_of(const RunView& view);

}  // namespace misfire::report
