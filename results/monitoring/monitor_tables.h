// The tables /monitors, /accuracy_estimates and /monitor_trials of results.h5.
#pragma once

#include "results/hdf5_reader.h"
#include "results/hdf5_writer.h"
#include "results/run_results.h"

namespace misfire {

// Writes nothing for a run without monitors.
void write_monitor_tables(hdf5::Writer& file, const RunResults& results);

// Leaves alone what the file does not hold.
void read_monitor_tables(const hdf5::Reader& file, RunResults& results);

}  // namespace misfire
