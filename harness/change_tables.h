// Tables of the printed results about changes of tables and groups.
#pragma once

#include <string>
#include <vector>

#include "results/run_results.h"

namespace misfire {

// Realised size of each change at its levels; "" where there is none.
std::string effect_table(const std::vector<Effect>& effects);

// For each model and shift the group whose error crosses its threshold first, with the level at which it does; "" where
// no group breaks.
std::string first_hit_table(const std::vector<GroupBreakingPoint>& points, const std::string& metric);

}  // namespace misfire
