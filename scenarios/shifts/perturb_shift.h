// Perturbations as a shift: the clean data at rising severities.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/perturbation.h"
#include "core/shift.h"

namespace misfire {

// `chain` is applied in order, each position with its own draws; every perturbation of a chain sees the same severity.
// Levels are the clean reference (0) and `severities` (ascending, above 0). The draws of a sample depend on seed,
// perturbation, version, position and sample id; with independent_levels also on the level.
std::unique_ptr<Shift> make_perturb_shift(std::string name, const std::vector<std::pair<std::string, Options>>& chain,
                                          const std::vector<double>& severities, bool independent_levels,
                                          std::uint64_t seed);

}  // namespace misfire
