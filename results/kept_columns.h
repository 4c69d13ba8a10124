// Which columns of Outcomes::kept the metrics and monitors of a run read.
#pragma once

#include <set>
#include <string>

#include "results/run_record.h"

namespace misfire {

// For each model's journal, whether or not the scenario keeps them for results.h5. Throws ScenarioError when the record
// names an unknown metric.
std::set<std::string> kept_columns(const RunRecord& record);

}  // namespace misfire
