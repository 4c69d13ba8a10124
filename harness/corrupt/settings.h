// What the pixels of `misfire corrupt` depend on, for comparing and for repeating.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/shift.h"
#include "harness/corrupt/corrupt_run.h"

namespace misfire {

// By words that a message can name: "seed", "geometry", "perturbation fog", "misfire".
std::map<std::string, std::string> corrupt_identity(const Dataset& data, const Scenario& scenario,
                                                    const std::vector<std::unique_ptr<Shift>>& shifts,
                                                    const CorruptOptions& options);

// corrupt.yaml: the command, and the keys of a scenario that would perturb the same way (seed, data, input, shifts).
std::string corrupt_settings(const ImageInput& input, const Scenario& scenario, const CorruptOptions& options);

}  // namespace misfire
