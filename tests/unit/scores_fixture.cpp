#include "tests/unit/scores_fixture.h"

#include <algorithm>
#include <cmath>

namespace misfire::test {

LinearModel::LinearModel(Classifier layer, OutputKind kind) : layer_(std::move(layer)) {
    info_.name = "linear";
    info_.output = kind;
    info_.classes = layer_.classes;
    info_.features = layer_.features;
    info_.differentiable = true;
    info_.tensor.channels = 1;
    info_.input_height = 1;
    info_.input_width = static_cast<int>(layer_.features);
}

Outputs LinearModel::predict(std::span<const float> input, std::int64_t rows, int, int, bool with_features) const {
    Outputs outputs;
    outputs.rows = rows;
    outputs.columns = layer_.classes;
    for (std::int64_t r = 0; r < rows; ++r) {
        std::vector<double> z;
        for (std::int64_t c = 0; c < layer_.classes; ++c) {
            double sum = static_cast<double>(layer_.bias[static_cast<std::size_t>(c)]);
            for (std::int64_t d = 0; d < layer_.features; ++d)
                sum += static_cast<double>(layer_.weight[static_cast<std::size_t>(c * layer_.features + d)]) *
                       static_cast<double>(input[static_cast<std::size_t>(r * layer_.features + d)]);
            z.push_back(sum);
        }
        double total = 0.0;
        for (const double value : z) total += std::exp(value);
        for (double& value : z) {
            if (info_.output == OutputKind::probabilities) value = std::exp(value) / total;
            if (info_.output == OutputKind::log_probabilities) value -= std::log(total);
            outputs.values.push_back(static_cast<float>(value));
        }
    }
    if (with_features) outputs.features.assign(input.begin(), input.end());
    return outputs;
}

InputGradient LinearModel::input_gradient(std::span<const float> input, std::int64_t rows, int height, int width,
                                          const AnswerSlope& slope) const {
    InputGradient result;
    result.outputs = predict(input, rows, height, width, false);
    const std::vector<float> weights = slope(result.outputs);
    for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t d = 0; d < layer_.features; ++d) {
            double sum = 0.0;
            for (std::int64_t c = 0; c < layer_.classes; ++c)
                sum += static_cast<double>(weights[static_cast<std::size_t>(r * layer_.classes + c)]) *
                       static_cast<double>(layer_.weight[static_cast<std::size_t>(c * layer_.features + d)]);
            result.values.push_back(static_cast<float>(sum));
        }
    }
    return result;
}

namespace {

std::vector<float> normal(std::size_t count, std::uint64_t key, std::uint32_t stream) {
    std::vector<float> values(count);
    Random(key).normal(values, stream);
    return values;
}

std::vector<float> samples(const ScoreCase& wanted, std::int64_t rows, const std::vector<float>& centres,
                           const std::vector<std::int32_t>& labels, std::uint32_t stream) {
    std::vector<float> values = normal(static_cast<std::size_t>(rows * wanted.depth), wanted.key, stream);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto depth = static_cast<std::size_t>(wanted.depth), d = i % depth;
        const auto label = static_cast<std::size_t>(labels[i / depth]);
        values[i] = std::max(0.0F, 0.5F + centres[label * depth + d] + 0.7F * values[i]);
        if (d < static_cast<std::size_t>(wanted.dead)) values[i] = 0.0F;
    }
    return values;
}

}  // namespace

ScoreData::ScoreData(const ScoreCase& wanted) : made(wanted) {
    const auto size = static_cast<std::size_t>(wanted.classes * wanted.depth);
    Classifier layer;
    layer.classes = wanted.classes;
    layer.features = wanted.depth;
    const std::vector<float> centres = normal(size, wanted.key, 1);
    const std::vector<float> noise = normal(size, wanted.key, 2);
    for (std::size_t i = 0; i < size; ++i) layer.weight.push_back(0.15F * centres[i] + 0.05F * noise[i]);
    layer.bias = normal(static_cast<std::size_t>(wanted.classes), wanted.key, 3);
    model = std::make_unique<LinearModel>(std::move(layer));
    std::vector<std::int32_t> labels(static_cast<std::size_t>(wanted.rows));
    fit_labels.resize(static_cast<std::size_t>(wanted.fit_rows));
    Random(wanted.key).integers(fit_labels, 0, static_cast<std::int32_t>(wanted.classes), 4);
    Random(wanted.key).integers(labels, 0, static_cast<std::int32_t>(wanted.classes), 5);
    fit_features = samples(wanted, wanted.fit_rows, centres, fit_labels, 6);
    features = samples(wanted, wanted.rows, centres, labels, 7);
    for (std::size_t i = 0; i < fit_labels.size(); i += 17) fit_labels[i] = -1;  // some are unknown
}

Outputs ScoreData::fit_outputs() const {
    return model->predict(fit_features, made.fit_rows, 1, static_cast<int>(made.depth), true);
}

Outputs ScoreData::outputs() const {
    return model->predict(features, made.rows, 1, static_cast<int>(made.depth), true);
}

ScoreSpec spec(const std::string& score, const std::map<std::string, std::string>& options) {
    return {score, score, score_settings(score_named(score).info, options)};
}

std::vector<ScoreSpec> all_specs() {
    std::vector<ScoreSpec> specs;
    for (const std::string& name : score_names()) specs.push_back(spec(name));
    return specs;
}

std::vector<std::vector<float>> columns_of(const ScoreData& data, const std::vector<ScoreSpec>& specs) {
    ModelScores scores(*data.model, specs);
    scores.fit(data.fit_outputs(), data.fit_labels);
    return scores.score(data.outputs(), data.features, 1, static_cast<int>(data.made.depth));
}

}  // namespace misfire::test
