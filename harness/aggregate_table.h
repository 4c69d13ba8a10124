// Numbers over many cells as people see them.
#pragma once

#include <string>
#include <vector>

#include "results/run_results.h"

namespace misfire {

// One row per metric and one column per model, with intervals, and below them the reasons of those that are undefined.
// "" where there are none.
std::string aggregate_table(const std::vector<Aggregate>& aggregates);

}  // namespace misfire
