// From the tiles of a journal to points, curves and breaking points.
#pragma once

#include "results/journal.h"
#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire {

// Works on whatever tiles are there; the numbers do not depend on `threads` (at least 1), blocks or the order of the
// tiles. A cell with a tile in error has status error and its points are NaN with status error. Throws StoreError when
// a tile does not fit the record, ScenarioError when the record names an unknown metric.
RunResults evaluate(const Journal& journal, const RunRecord& record, int threads);

// All rows of a cell in canonical order; those that no finished tile holds are `not_run`.
Outcomes cell_outcomes(const Journal& journal, const RunRecord& record, const std::string& cell);

}  // namespace misfire
