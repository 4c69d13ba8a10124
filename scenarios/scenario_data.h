// A `data:` entry, and whatever else names images.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/data/spec.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// Relative paths are taken from `folder`. Keys in `besides` are left to the caller. Throws ScenarioError naming line
// and remedy.
DataSpec read_data(const YamlReader& node, const std::filesystem::path& folder,
                   const std::vector<std::string>& besides = {});

}  // namespace misfire
