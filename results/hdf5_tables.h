// What a results.h5 and a baseline have in common: attributes of the root and tables. Inner header of results/store.cpp
// and baseline.cpp.
#pragma once

#include <string>

#include "results/hdf5_writer.h"
#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire::hdf5 {

// Attributes of the root but `complete`, and the tables of models, shifts, cells, points, breaking points, aggregates
// and bad inputs.
void write_tables(Writer& file, const RunRecord& record, const std::string& data_sha256, const RunResults& results);
void write_curves(Writer& file, const RunRecord& record, const RunResults& results);
void write_environment(Writer& file, const RunRecord& record, const RunResults& results);
// After write_environment(): what is said of time stands there, since it differs between equal runs.
void write_checks(Writer& file, const std::vector<CheckResult>& checks);

}  // namespace misfire::hdf5
