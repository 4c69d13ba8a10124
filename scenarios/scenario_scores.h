// The keys `scores` and `fit` of a scenario.
#pragma once

#include <yaml-cpp/yaml.h>

#include <filesystem>

#include "scenarios/scenario.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// Fills scenario.scores and scenario.fit; scenario.metrics is there already, and the scores that they name (auroc:msp)
// are added. Throws ScenarioError naming line and remedy, also when a score needs a fit set and there is none.
void read_scores(const YamlReader& root, const std::filesystem::path& folder, const KnownMetrics& known,
                 Scenario& scenario);

// Both keys, every option spelled out; nothing where there are no scores.
void emit_scores(YAML::Emitter& out, const Scenario& scenario);

}  // namespace misfire
