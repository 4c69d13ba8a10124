// All scores. Adding one: a file in this folder, a line in scores.def, its formula in tests/python/score_reference.py.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/score.h"

namespace misfire {

// In alphabetical order of their names; they live as long as the program.
const std::vector<const ScoreEntry*>& all_scores();
std::vector<std::string> score_names();

// nullptr when there is none of that name.
const ScoreEntry* find_score(std::string_view name);

// Throws UsageError naming the nearest score when there is none of that name.
const ScoreEntry& score_named(std::string_view name);

}  // namespace misfire
