// From the rows of all cells to numbers over many cells.
#pragma once

#include <string>
#include <vector>

#include "core/curve_metric.h"
#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire {

// What curve metrics look at of one cell. partner: the same samples row by row, null where the cell has none.
CellRows rows_of(const Outcomes& outcomes, const Outcomes* partner);

// A cell of cells_of(record) after its evaluation.
struct EvaluatedRows {
    CellRows rows;
    std::string missing_because;  // not empty: the cell has no outcomes
    bool has_partner = false;
};

// What curve metrics look at of a run. Refers to record and rows, which must outlive it. `rows`: one per cell of
// cells_of(record).
CurveMetricInput curve_metric_input(const RunRecord& record, const std::vector<Cell>& cells,
                                    const std::vector<EvaluatedRows>& rows);

// Every curve metric that the record names or that offers itself, per model: by metric, then by model, in the order of
// the registry and the record. The interval is a bootstrap over samples whose draws all models and metrics of a run
// share, so ratios of two models are paired. `rows`: one per cell of cells_of(record).
std::vector<Aggregate> aggregates_of(const RunRecord& record, const std::vector<Cell>& cells,
                                     const std::vector<EvaluatedRows>& rows, int threads);

}  // namespace misfire
