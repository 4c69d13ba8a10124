// The part of a set-up that scores need: what each model can give, and the samples they are fitted on.
#pragma once

#include <vector>

#include "core/score.h"
#include "harness/setup.h"

namespace misfire {

// Fills setup.scores and opens the fit set; data, models and targets are there already. Throws ScenarioError when the
// data has no classes, DataError when the fit set cannot be opened, is empty, or has classes that a model does not
// know.
void set_up_scores(Setup& setup);

// Of all models, in the order of models and scores.
std::vector<ScoreState> score_states(const Setup& setup);

}  // namespace misfire
