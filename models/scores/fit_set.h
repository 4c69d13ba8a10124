// What scores ask of a fit set.
#pragma once

#include <string>

#include "core/error.h"
#include "core/score.h"
#include "models/scores/linear_algebra.h"

namespace misfire::scores {

// Throws DataError saying how many samples are needed. `why`: "a covariance of 64 features needs".
inline void require_samples(const std::string& score, std::int64_t have, std::int64_t needed, const std::string& why) {
    if (have >= needed) return;
    throw DataError("The fit set is too small for the score " + score + ": " + why + " at least " +
                    std::to_string(needed) + " samples, and it has " + std::to_string(have) +
                    ". Give more under `fit`, or leave the score out.");
}

inline Matrix features_of(const ScoreRows& rows) {
    return {static_cast<std::size_t>(rows.rows), static_cast<std::size_t>(rows.features), rows.feature_values};
}

inline Matrix weights_of(const Classifier& classifier) {
    return {static_cast<std::size_t>(classifier.classes), static_cast<std::size_t>(classifier.features),
            classifier.weight};
}

}  // namespace misfire::scores
