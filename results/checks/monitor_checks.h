// Checks of what monitors made of a run.
#pragma once

#include <vector>

#include "core/check.h"
#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire {

// One result per check, stream and limit; the value decides. A delay without an alarm is infinite. Throws ScenarioError
// where a check matches no stream.
std::vector<CheckResult> monitor_results(const std::vector<CheckSpec>& checks,
                                         const std::vector<MonitorResult>& monitors);

// Throws ScenarioError where a check is about a monitor that the run does not have: asked before it runs.
void require_monitors(const std::vector<CheckSpec>& checks, const RunRecord& record);

}  // namespace misfire
