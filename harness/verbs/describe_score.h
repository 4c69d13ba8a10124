// `misfire describe <score>`.
#pragma once

#include "core/score.h"

namespace misfire {

void describe_score(const ScoreInfo& info, bool json);

// "logits, features, fit set with labels": what a score wants of model and scenario.
std::string needs_of(const ScoreInfo& info);

}  // namespace misfire
