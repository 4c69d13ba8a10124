// What monitors made of a run, as people see it.
#pragma once

#include <string>

#include "results/run_results.h"

namespace misfire {

// One row per model and monitor over all streams with a change: how many it noticed, how late, the harm until then,
// false alarms; below them estimates of accuracy with their gap to the measured one. "" for a run without monitors.
std::string monitor_table(const RunResults& results);

}  // namespace misfire
