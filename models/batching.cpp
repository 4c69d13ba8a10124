#include "models/batching.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace misfire {

namespace {

struct BatchAnswer {
    std::int64_t columns = 0;
    Answer answer;
};

BatchAnswer run_batch(const Network& network, const float* input, std::int64_t rows, const RowShape& shape,
                      const std::string& key, bool with_features) {
    BatchAnswer result;
    result.answer = network.run({input, Element::float32, shape.batch(rows)}, key, with_features);
    result.columns = answer_columns(result.answer.shape, rows);
    return result;
}

// Rows [first, first + step) of the input; what is missing of them repeats the last row there is, in `filled`.
const float* batch_from(const float* input, std::int64_t first, std::int64_t step, std::int64_t rows, std::size_t size,
                        std::vector<float>& filled) {
    const float* batch = input + static_cast<std::size_t>(first) * size;
    const std::int64_t present = std::min(step, rows - first);
    if (present == step) return batch;
    filled.assign(batch, batch + static_cast<std::size_t>(present) * size);
    for (std::int64_t r = present; r < step; ++r)
        filled.insert(filled.end(), filled.end() - static_cast<std::ptrdiff_t>(size), filled.end());
    return filled.data();
}

}  // namespace

std::int64_t answer_columns(const std::vector<std::int64_t>& shape, std::int64_t rows) {
    const bool trailing_ones =
        shape.size() < 3 || std::all_of(shape.begin() + 2, shape.end(), [](std::int64_t side) { return side == 1; });
    if (!shape.empty() && shape[0] == rows && trailing_ones && !(rows == 1 && shape.size() == 1))
        return shape.size() == 1 ? 1 : shape[1];
    if (rows == 1 && shape.size() == 1) return shape[0];
    if (rows == 1 && shape.empty()) return 1;
    std::string text;
    for (const std::int64_t side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
    throw ModelError("it answers " + std::to_string(rows) + " row" + (rows == 1 ? "" : "s") +
                     " with a tensor of shape [" + text + "], but one row of numbers per input is needed, [" +
                     std::to_string(rows) +
                     ", classes]. Detection and segmentation are not scored; if another tensor of the answer is meant, "
                     "set output_key.");
}

Outputs run_rows(const Network& network, const float* input, std::int64_t rows, const RowShape& shape,
                 const std::string& key, int fixed_batch, bool with_features) {
    Outputs outputs;
    outputs.rows = rows;
    const std::int64_t step = fixed_batch > 0 ? fixed_batch : std::max<std::int64_t>(rows, 1);
    std::vector<float> filled;
    for (std::int64_t first = 0; first < rows; first += step) {
        const std::int64_t present = std::min(step, rows - first);
        const float* batch = batch_from(input, first, step, rows, shape.size(), filled);
        const auto [columns, answer] = run_batch(network, batch, step, shape, key, with_features);
        outputs.columns = columns;
        outputs.values.insert(outputs.values.end(), answer.values.begin(),
                              answer.values.begin() + static_cast<std::ptrdiff_t>(present * columns));
        outputs.features.insert(outputs.features.end(), answer.feature_values.begin(),
                                answer.feature_values.begin() + static_cast<std::ptrdiff_t>(present * answer.features));
    }
    return outputs;
}

InputGradient gradient_of_rows(const Network& network, const float* input, std::int64_t rows, const RowShape& shape,
                               const std::string& key, int fixed_batch, const AnswerSlope& slope) {
    InputGradient result;
    result.outputs.rows = rows;
    const std::int64_t step = fixed_batch > 0 ? fixed_batch : std::max<std::int64_t>(rows, 1);
    std::vector<float> filled;
    for (std::int64_t first = 0; first < rows; first += step) {
        const std::int64_t present = std::min(step, rows - first);
        const float* batch = batch_from(input, first, step, rows, shape.size(), filled);
        const auto slope_of_batch = [&](const Answer& answer) {
            Outputs outputs;
            outputs.rows = present;
            outputs.columns = answer_columns(answer.shape, step);
            outputs.values.assign(answer.values.begin(),
                                  answer.values.begin() + static_cast<std::ptrdiff_t>(present * outputs.columns));
            std::vector<float> weights = slope(outputs);
            weights.resize(answer.values.size(), 0.0F);
            result.outputs.columns = outputs.columns;
            result.outputs.values.insert(result.outputs.values.end(), outputs.values.begin(), outputs.values.end());
            return weights;
        };
        const std::vector<float> gradient =
            network.input_gradient({batch, Element::float32, shape.batch(step)}, key, slope_of_batch).values;
        result.values.insert(
            result.values.end(), gradient.begin(),
            gradient.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(present) * shape.size()));
    }
    return result;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
    double largest = a.size() == b.size() ? 0.0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        largest = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(largest, difference);
    }
    return largest;
}

bool differ_in_substance(const std::vector<float>& a, const std::vector<float>& b) {
    double scale = 1.0;
    for (const float value : a) scale = std::isfinite(value) ? std::max<double>(scale, std::abs(value)) : scale;
    return largest_difference(a, b) > 0.001 * scale;
}

BatchFinding find_batching(const Network& network, const RowShape& shape, const std::vector<float>& pair,
                           const std::string& key) {
    Outputs together;
    std::string failure;
    try {
        together = run_rows(network, pair.data(), 2, shape, key, 0, false);
    } catch (const ModelError& error) {
        failure = error.what();
    }
    Outputs apart;
    try {
        apart = run_rows(network, pair.data(), 2, shape, key, 1, false);
    } catch (const ModelError& error) {
        // A program that needs several rows gets them: the runner fills its batches up.
        if (failure.empty()) return {};
        throw ModelError(failure + " (and with one row: " + error.what() + ")");
    }
    if (!failure.empty()) return {1, "more than one row fails: " + failure};
    if (!differ_in_substance(apart.values, together.values)) return {};
    const bool repeats = run_rows(network, pair.data(), 2, shape, key, 0, false).values == together.values;
    if (!repeats) return {};
    return {1, "the rows of a batch influence each other's answers"};
}

}  // namespace misfire
