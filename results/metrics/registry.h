// All metrics. Adding one: a file in this folder, a line in registry.cpp, a test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace misfire {

// In alphabetical order of their names; they live as long as the program.
const std::vector<const Metric*>& all_metrics();
std::vector<std::string> metric_names();

// One of all_metrics(), or the metric of a score such as `auroc:msp` (see score_metric.h); whether a run has the score
// is not asked here. Throws ScenarioError naming the nearest metric when there is none of that name.
const Metric& metric_named(std::string_view name);

}  // namespace misfire
