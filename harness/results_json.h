// Results as JSON for scripts: `run --json`, `describe results.h5 --json`.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "results/run_results.h"

namespace misfire {

// {complete, cells: [...], points: [...], curves: [...], breaking_points: [...], bad_inputs: [...]}; NaN becomes null.
nlohmann::json results_json(const RunResults& results);

}  // namespace misfire
