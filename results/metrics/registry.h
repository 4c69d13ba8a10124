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

// Throws ScenarioError naming the nearest metric when there is none of that name.
const Metric& metric_named(std::string_view name);

}  // namespace misfire
