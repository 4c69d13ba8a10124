// The checks of a scenario at the end of its run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/setup.h"
#include "results/run_results.h"

namespace misfire {

// Says before hours are spent what would be wrong with the checks after them. `baseline`: "" for none. Throws
// ScenarioError for a check that matches nothing, StoreError for a baseline that cannot be read.
void require_sound_checks(const Setup& setup, const std::string& baseline);

// Over the results.h5 just written; nothing for a scenario without checks. Throws UsageError for a baseline of other
// data, seed or perturbations.
std::vector<CheckResult> evaluate_run_checks(const Setup& setup, const std::filesystem::path& file,
                                             const std::string& baseline, int threads);

// What `misfire check` prints; "" without checks.
std::string run_checks_text(const Setup& setup, const RunResults& results, const std::string& run,
                            const std::string& baseline, bool colour);

}  // namespace misfire
