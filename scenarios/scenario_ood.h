// An `ood:` entry of `shifts:`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/shifts/ood_shift.h"
#include "scenarios/yaml_reader.h"

namespace YAML {
class Emitter;
}

namespace misfire {

struct Scenario;

// One shift for each set (and perturbation of the others). Relative paths are taken from `folder`. Throws ScenarioError
// naming line and remedy; `notes` gets what a reader of the file might not expect.
std::vector<OodSpec> read_ood(const YamlReader& node, const std::filesystem::path& folder,
                              std::vector<std::string>& notes);

void emit_ood(YAML::Emitter& out, const OodSpec& shift);

// Classes that some shift of the scenario holds out, ascending: no sample of theirs is in distribution, and no model
// may answer with them.
std::vector<std::string> held_out_classes(const Scenario& scenario);

}  // namespace misfire
