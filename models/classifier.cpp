#include "models/classifier.h"

#include <algorithm>
#include <cmath>

namespace misfire {

namespace {

// weight * features + bias of each row, [rows, classes].
std::vector<double> outputs_of(const Classifier& layer, const std::vector<float>& features, std::int64_t rows) {
    const auto classes = static_cast<std::size_t>(layer.classes), depth = static_cast<std::size_t>(layer.features);
    std::vector<double> outputs;
    for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) {
        for (std::size_t c = 0; c < classes; ++c) {
            double sum = static_cast<double>(layer.bias[c]);
            for (std::size_t d = 0; d < depth; ++d)
                sum += static_cast<double>(layer.weight[c * depth + d]) * static_cast<double>(features[r * depth + d]);
            outputs.push_back(sum);
        }
    }
    return outputs;
}

// Logits to answers of that kind, in place.
void answer_as(OutputKind kind, std::span<double> row) {
    if (kind == OutputKind::logits) return;
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0.0;
    for (const double z : row) sum += std::exp(z - top);
    for (double& z : row) {
        z -= top + std::log(sum);
        if (kind == OutputKind::probabilities) z = std::exp(z);
    }
}

double largest_error(const Classifier& layer, const LastLayer& seen, std::int64_t rows, OutputKind kind) {
    std::vector<double> outputs = outputs_of(layer, seen.answer.feature_values, rows);
    const auto classes = static_cast<std::size_t>(layer.classes);
    double error = 0.0;
    for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r)
        answer_as(kind, std::span(outputs).subspan(r * classes, classes));
    for (std::size_t i = 0; i < outputs.size(); ++i)
        error = std::max(error, std::abs(outputs[i] - static_cast<double>(seen.answer.values[i])));
    return error;
}

}  // namespace

Classifier classifier_of(const LastLayer& layer, std::int64_t rows, OutputKind kind, std::string& why_not) {
    why_not = layer.why_not;
    if (!why_not.empty()) return {};
    const auto answers = static_cast<std::int64_t>(layer.answer.values.size()) / std::max<std::int64_t>(rows, 1);
    if (layer.classes != answers) {
        why_not = "it has " + std::to_string(layer.classes) + " outputs and the answer " + std::to_string(answers) +
                  " columns";
        return {};
    }
    Classifier found;
    found.classes = layer.classes;
    found.features = layer.answer.features;
    found.weight = layer.weight;
    found.bias = layer.bias;
    const bool own_bias = found.bias.size() == static_cast<std::size_t>(found.classes);
    if (!own_bias) found.bias.assign(static_cast<std::size_t>(found.classes), 0.0F);
    if (!own_bias && kind == OutputKind::logits) {
        // Several rows must agree on it; with one row anything would fit.
        const std::vector<double> without = outputs_of(found, layer.answer.feature_values, rows);
        for (std::size_t c = 0; rows > 1 && c < found.bias.size(); ++c)
            found.bias[c] = static_cast<float>(static_cast<double>(layer.answer.values[c]) - without[c]);
    }
    double scale = 1.0;
    for (const float value : layer.answer.values) scale = std::max(scale, static_cast<double>(std::abs(value)));
    const double error = largest_error(found, layer, rows, kind);
    if (error <= 1e-3 * scale) return found;
    why_not = "the answer is not what comes out of it";
    return {};
}

}  // namespace misfire
