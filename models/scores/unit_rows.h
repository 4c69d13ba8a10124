// Features brought to length 1.
#pragma once

#include <cmath>
#include <vector>

#include "core/score.h"

namespace misfire::scores {

// [rows, features]; a row of zeros stays one. OpenOOD adds 1e-10 to each number of it, which single precision rounds
// away but for zeros.
inline std::vector<float> unit_rows(const ScoreRows& rows) {
    std::vector<float> unit(rows.feature_values.begin(), rows.feature_values.end());
    for (std::int64_t r = 0; r < rows.rows; ++r) {
        double squares = 0.0;
        for (const float value : rows.features_of(r))
            squares += static_cast<double>(value) * static_cast<double>(value);
        if (squares == 0.0) continue;
        const double norm = std::sqrt(squares);
        float* row = unit.data() + r * rows.features;
        for (std::int64_t d = 0; d < rows.features; ++d)
            row[d] = static_cast<float>(static_cast<double>(row[d]) / norm);
    }
    return unit;
}

}  // namespace misfire::scores
