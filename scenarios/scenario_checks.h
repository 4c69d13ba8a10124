// The key `checks` of a scenario, and the same statements on the command line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "core/check.h"
#include "scenarios/scenario.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// A list of mappings {metric: accuracy, shift: fog, levels: "<=2", min: 0.75}. Throws ScenarioError naming line and
// remedy: unknown keys, metrics and levels, a check without a limit, keys that do not go together. `models`: names that
// a `model:` may fit; empty: not checked.
std::vector<CheckSpec> read_checks(const YamlReader& node, const KnownMetrics& known_metrics,
                                   const std::vector<std::string>& models);

// metric=accuracy,shift=fog,levels=<=2,min=0.75: the keys of a scenario's check; a part without = goes on with the
// value before it (levels=1,2). Throws UsageError.
CheckSpec parse_check(const std::string& text, const KnownMetrics& known_metrics);

// The checks of an effective scenario's text; nothing else of it is looked at. Throws ScenarioError.
std::vector<CheckSpec> checks_in(const std::string& scenario_text, const std::string& file,
                                 const KnownMetrics& known_metrics);

// The value of `checks:`, every default spelled out.
void emit_checks(YAML::Emitter& out, const std::vector<CheckSpec>& checks);

// The check on one line, as parse_check() reads it; what is default is left out.
std::string check_text(const CheckSpec& check);

}  // namespace misfire
