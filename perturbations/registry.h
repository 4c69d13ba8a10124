// Every perturbation by name. A new unit is one file plus one line in units.def.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/perturbation.h"

namespace misfire {

// All units, alphabetically.
std::span<const PerturbationEntry> perturbations();

// Null where there is none of this name.
const PerturbationEntry* find_perturbation(std::string_view name);

// Throws UsageError naming the nearest unit when there is none of this name, or when an option is wrong.
std::unique_ptr<Perturbation> make_perturbation(std::string_view name, const Options& options = {});

// Names usable beside those of units: every category ("noise") and every group ("imagenet-c"), alphabetically.
std::vector<std::string> perturbation_groups();

// The units of a group or category in the published order, units outside the published list last and by name. Units
// with a required option that is not in `options` are left out (frost without its photographs, so `imagenet-c` has 14
// units then); where they are in, so are not their stand-ins. Throws UsageError naming the nearest group or unit.
std::vector<std::string> expand_group(std::string_view name, const Options& options = {});

// Members of a group that expand_group() leaves out because `options` lacks something they require (frost: its
// photographs).
std::vector<std::string> left_out_of_group(std::string_view name, const Options& options = {});

}  // namespace misfire
