#include "models/scores/registry.h"

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace scores {
#define MISFIRE_SCORE(name) const ScoreEntry& name();
#include "models/scores/scores.def"
#undef MISFIRE_SCORE
}  // namespace scores

const std::vector<const ScoreEntry*>& all_scores() {
    static const std::vector<const ScoreEntry*> all{
#define MISFIRE_SCORE(name) &scores::name(),
#include "models/scores/scores.def"
#undef MISFIRE_SCORE
    };
    return all;
}

std::vector<std::string> score_names() {
    std::vector<std::string> names;
    for (const ScoreEntry* entry : all_scores()) names.push_back(entry->info.name);
    return names;
}

const ScoreEntry* find_score(std::string_view name) {
    for (const ScoreEntry* entry : all_scores()) {
        if (entry->info.name == name) return entry;
    }
    return nullptr;
}

const ScoreEntry& score_named(std::string_view name) {
    if (const ScoreEntry* entry = find_score(name)) return *entry;
    throw UsageError("There is no score `" + std::string(name) + "`." + did_you_mean(name, score_names()));
}

}  // namespace misfire
