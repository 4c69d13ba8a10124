// A `perturb:` entry of `shifts:`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/shifts/perturb_shift.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// One shift for each name, chain and member of a group. Relative paths among the options are taken from `folder`.
// Throws ScenarioError naming line and remedy; `notes` gets what a reader of the file might not expect.
std::vector<PerturbSpec> read_perturb(const YamlReader& node, const std::filesystem::path& folder,
                                      std::vector<std::string>& notes);

}  // namespace misfire
