// What the numbers of a model mean, judged from what they look like.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/model.h"

namespace misfire {

// What was seen in the answers to a few inputs.
struct OutputLook {
    std::int64_t rows = 0;         // finite ones
    std::int64_t columns = 0;      // 1 for one-dimensional answers
    bool sums_to_one = false;      // every finite row is non-negative and sums to 1 within the tolerance
    bool exp_sums_to_one = false;  // logsumexp of every finite row is 0 within the tolerance
    bool within_unit = false;      // every value lies in [0, 1]
    double low = 0.0;              // smallest and largest value
    double high = 0.0;
};

// values: [rows, columns] row-major. Rows with a value that is not finite are left out. Tolerance of the sums: 0.001
// for float programs, 0.02 for quantised ones, whose probabilities come in steps of 1/256.
OutputLook look_at_output(std::span<const float> values, std::int64_t rows, std::int64_t columns, bool quantised);

// The kind declared, if the look does not contradict it; the kind seen, if none is declared. Throws ModelError, naming
// what was seen, on a contradiction, and without declaration when in doubt: values in [0, 1] that do not sum to 1
// (sigmoids? squashed scores?) or no finite row. `who` begins the message.
OutputKind decide_output_kind(const OutputLook& look, std::optional<OutputKind> declared, const std::string& who);

// "rows are non-negative and sum to 1", "values from -3.2 to 7.9", ...
std::string description(const OutputLook& look);

}  // namespace misfire
