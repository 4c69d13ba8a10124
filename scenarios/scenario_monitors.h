// The keys `monitors` and `monitor_trials` of a scenario.
#pragma once

#include "scenarios/scenario.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// A monitor is written `adwin`, `ddm:warning=2:drift=3`, {adwin: {delta: 0.002}, on: error} or {monitor:
// "ddm:drift=3", on: error, window: 50}. Names and parameters are left to the room of results. Throws ScenarioError
// naming line and remedy.
void read_monitors(const YamlReader& root, Scenario& scenario);

}  // namespace misfire
