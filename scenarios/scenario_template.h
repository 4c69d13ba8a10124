// Scenarios that come without a model or data: a reader brings their own, with --set.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/yaml_reader.h"

namespace misfire {

// One key that a template leaves open.
struct OpenKey {
    std::string key;      // dotted, as for --set
    std::string example;  // a value, as for --set
    std::string meaning;
};

struct ScenarioTemplate {
    std::string summary;        // the comment at the head of the file
    std::vector<OpenKey> keys;  // in the order of the file
    std::size_t shifts = 0;
};

// The template in a file; nothing where the file is a whole scenario. Throws ScenarioError.
std::optional<ScenarioTemplate> read_template(const std::filesystem::path& file);

// Of a parsed scenario, overrides done. Throws ScenarioError naming every open key that nothing was given for, what it
// is, and a whole command. `name`: what the command runs.
void require_given(const YamlReader& root, const std::string& name);

// "misfire run covid-load --set models.0=forecaster.pt ...", over several lines.
std::string example_command(const std::string& name, const std::vector<OpenKey>& keys);

}  // namespace misfire
