// Do the statements of the checks hold?
#pragma once

#include <string>
#include <vector>

#include "results/checks/statements.h"
#include "results/results_file.h"
#include "results/run_results.h"

namespace misfire {

// Chance that a run whose every statement truly holds with its value at the limit has any breached statement by the
// luck of the samples: shared evenly among all statements that look at samples.
inline constexpr double gate_level = 0.01;

// One result per statement, then those of monitors, in order. `baseline`: null where there is none, which skips
// statements of regressions. A statement is breached only when its whole interval lies beyond the limit, and holds only
// when the whole of it does not; each end leaves out gate_level / (number of statements). Cost and monitors have no
// interval: their value decides. Throws UsageError naming the field that differs when the baseline is of other data,
// seed or perturbations, and what statements_of() throws.
std::vector<CheckResult> evaluate_checks(const std::vector<CheckSpec>& checks, const ResultsFile& run,
                                         const ResultsFile* baseline, int threads);

// How many of the results look at samples, so that gate_level is shared among them.
std::size_t family_size(const std::vector<Statement>& statements, bool with_baseline);

}  // namespace misfire
