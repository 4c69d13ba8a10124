// What results.h5 holds of out-of-distribution shifts and of refusing by a score.
#pragma once

#include "results/hdf5_writer.h"
#include "results/journal.h"
#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire {

// Columns `ood` and `ood_row` of a cell; nothing where it has none.
void write_ood_columns(hdf5::Writer& file, const std::string& folder, const Outcomes& outcomes);

// /ood: ids of the sets and the most confident samples; nothing in a run without out-of-distribution shifts.
void write_ood(hdf5::Writer& file, const RunRecord& record, const RunResults& results, const Journal& journal);

// /risk_coverage: a curve per model and level for every score whose `aurc` the run asks for.
void write_risk_coverage(hdf5::Writer& file, const RunRecord& record, const RunResults& results,
                         const Journal& journal);

}  // namespace misfire
