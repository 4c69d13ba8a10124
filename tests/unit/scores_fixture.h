// A model that can be computed by hand, and samples for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/score_settings.h"
#include "models/scores/model_scores.h"
#include "models/scores/registry.h"

namespace misfire::test {

// z = W x + b: the input itself is the features. With `kind` probabilities or log-probabilities the softmax of that.
class LinearModel : public Model {
  public:
    LinearModel(Classifier layer, OutputKind kind = OutputKind::logits);
    const ModelInfo& info() const override { return info_; }
    Outputs predict(std::span<const float> input, std::int64_t rows, int height, int width,
                    bool with_features) const override;
    const Classifier* classifier() const override { return info_.no_classifier.empty() ? &layer_ : nullptr; }
    InputGradient input_gradient(std::span<const float> input, std::int64_t rows, int height, int width,
                                 const AnswerSlope& slope) const override;

    ModelInfo info_;
    Classifier layer_;
};

// Classes around centres of their own, activations not negative as after a ReLU.
struct ScoreCase {
    std::int64_t classes = 10;
    std::int64_t depth = 64;
    std::int64_t fit_rows = 400;
    std::int64_t rows = 100;
    std::int64_t dead = 0;  // features that are 0 in every sample
    std::uint64_t key = 1;
};

struct ScoreData {
    explicit ScoreData(const ScoreCase& wanted);
    std::unique_ptr<LinearModel> model;
    std::vector<float> fit_features, features;  // inputs of the model
    std::vector<std::int32_t> fit_labels;
    Outputs fit_outputs() const;
    Outputs outputs() const;
    ScoreCase made;
};

// Of every score with its defaults, or of one with options.
std::vector<ScoreSpec> all_specs();
ScoreSpec spec(const std::string& score, const std::map<std::string, std::string>& options = {});

// Columns of the specs on `data`, fitted.
std::vector<std::vector<float>> columns_of(const ScoreData& data, const std::vector<ScoreSpec>& specs);

}  // namespace misfire::test
