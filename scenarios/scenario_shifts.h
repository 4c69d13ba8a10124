// The part of a scenario below `shifts:`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// Throws ScenarioError naming line and remedy. `notes` gets what a reader of the file might not expect.
std::vector<ShiftSpec> read_shifts(const YamlReader& node, const std::filesystem::path& folder,
                                   std::vector<std::string>& notes);

// Levels as a list or sweeps, ascending; see parse_sweep().
std::vector<double> read_severities(const YamlReader& node);

// The parts of a text between separators.
std::vector<std::string> split(const std::string& text, char separator);

// A path of a scenario file, relative ones taken from its folder.
std::string absolute_path(const std::string& text, const std::filesystem::path& folder);

}  // namespace misfire
