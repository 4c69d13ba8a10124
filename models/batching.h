// How many rows a program takes at once, and feeding it so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model.h"
#include "models/network.h"

namespace misfire {

// What every row of a batch looks like: a picture, a row of `width` numbers, or a window of `height` such rows (one
// channel).
struct RowShape {
    int channels = 3;
    int height = 0;
    int width = 0;
    InputKind kind = InputKind::image;
    std::vector<std::int64_t> batch(std::int64_t rows) const {
        if (kind == InputKind::row) return {rows, width};
        if (kind == InputKind::window) return {rows, height, width};
        return {rows, channels, height, width};
    }
    std::size_t size() const {
        return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    }
};

// Numbers per row of an answer of this shape to `rows` rows: [rows], [rows, k], [rows, k, 1, 1], and [k] for one row.
// Throws ModelError for any other shape.
std::int64_t answer_columns(const std::vector<std::int64_t>& shape, std::int64_t rows);

// Runs all rows, in batches of fixed_batch (the last one filled up by repeating its last row) or, for 0, in one.
// input: [rows, ...] as shape.batch(rows) says. Throws ModelError.
Outputs run_rows(const Network& network, const float* input, std::int64_t rows, const RowShape& shape,
                 const std::string& key, int fixed_batch, bool with_features);

// The same for the gradient: `slope` is asked once per batch. The rows that fill up the last batch have slope 0.
InputGradient gradient_of_rows(const Network& network, const float* input, std::int64_t rows, const RowShape& shape,
                               const std::string& key, int fixed_batch, const AnswerSlope& slope);

// Largest |a - b|; infinite where only one of them is finite.
double largest_difference(const std::vector<float>& a, const std::vector<float>& b);

// True when two answers to the same input differ by more than floating-point noise: 0.001 of the largest value, or
// 0.001 if that is below 1.
bool differ_in_substance(const std::vector<float>& a, const std::vector<float>& b);

struct BatchFinding {
    int fixed_batch = 0;  // 0: any number of rows
    std::string reason;   // why it is 1
};

// Tries two rows (`pair`) together and one by one. 1 when two together fail, or when they are answered otherwise than
// one by one though answers repeat: rows that influence each other (quantisation fitted to the batch, batch statistics)
// would make results depend on the batch. Throws ModelError when neither works.
BatchFinding find_batching(const Network& network, const RowShape& shape, const std::vector<float>& pair,
                           const std::string& key);

}  // namespace misfire
