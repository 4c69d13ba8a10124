// What a scenario may name under `metrics:`, from the registries of the results room.
#pragma once

#include "scenarios/scenario.h"

namespace misfire {

// By default every metric of cells but those that need more of each sample to be kept; on request these and the metrics
// over many cells.
KnownMetrics known_metrics();

}  // namespace misfire
