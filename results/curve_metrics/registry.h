// All metrics over many cells. Adding one: a file in this folder, a line in registry.cpp, a test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/curve_metric.h"

namespace misfire {

// In alphabetical order of their names; they live as long as the program.
const std::vector<const CurveMetric*>& all_curve_metrics();
std::vector<std::string> curve_metric_names();

// Null where there is none of this name.
const CurveMetric* find_curve_metric(std::string_view name);

}  // namespace misfire
