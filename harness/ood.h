// What a run with out-of-distribution shifts needs besides its views.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "harness/setup.h"

namespace misfire {

// The scenario's data as it is in distribution: without the classes that a shift holds out.
std::unique_ptr<Dataset> open_known_data(const Scenario& scenario);

// Takes the outputs of held-out classes away from a model that knows them: what is left is scored, as if the model had
// never been told of them. Throws ScenarioError when the model's class names are not known, or `restrict` chose outputs
// already.
void hold_out_outputs(const Scenario& scenario, const ModelInfo& model, TargetMap& map);

// Throws DataError when an image that a shift shows as out-of-distribution is among the run's own, with the first pair.
// Reads every image of the run once, in parallel; nothing where no shift shows found images.
void refuse_overlap(const Setup& setup);

// Metrics that a scenario without `metrics:` gets for its out-of-distribution shifts; none where it has none.
std::vector<std::string> default_ood_metrics(const Scenario& scenario);

}  // namespace misfire
