// `--set key=value` of the command line, in the tree of a scenario before it is read.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

namespace misfire {

// Sets one dotted key, making mappings on the way. Items of a list go by number from 0; the number after the last one
// adds an item, and `*` sets the key in every item. The value is YAML. Throws UsageError: no `=`, a value that is no
// YAML, a place that a list has not, something below a plain value.
void override_key(const YAML::Node& root, const std::string& assignment);

// What stands at a dotted key: one node, or one for each item where `*` stands for all of a list. An undefined node
// where nothing does.
std::vector<YAML::Node> nodes_at(const YAML::Node& root, const std::string& key);

}  // namespace misfire
