// The keys `metrics` and `reference_model` of a scenario.
#pragma once

#include "scenarios/scenario.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// Fills scenario.metrics and scenario.reference_model; scenario.models is there already. Throws ScenarioError naming
// line and remedy, also when a metric divides by a model that the scenario does not name.
void read_metrics(const YamlReader& root, const KnownMetrics& known_metrics, Scenario& scenario);

}  // namespace misfire
