// Monitors over the streams of a run: who would have noticed, how late, and what it cost until then.
#pragma once

#include <functional>
#include <vector>

#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire {

// Outcomes of a cell in canonical order; called from several threads.
using OutcomesOf = std::function<Outcomes(const Cell& cell)>;

// Fills results.monitors, .accuracy_estimates and .monitor_trials from results.cells and the outcomes; nothing where
// record.monitors is empty. A stream that cannot be watched is a row with status and reason. Independent of `threads`.
void watch_run(RunResults& results, const RunRecord& record, const std::vector<Cell>& cells,
               const OutcomesOf& outcomes_of, int threads);

}  // namespace misfire
