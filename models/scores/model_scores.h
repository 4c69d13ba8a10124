// All scores of one model: which of them it can give, their fit, and their columns.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model.h"
#include "core/score.h"

namespace misfire {

class ModelScores {
  public:
    // What the model cannot give (no features, no gradient, ..) is noted as skipped, with the reason. The model must
    // outlive this. columns: those of its answers that are scored, as if it had no others; empty: all. Throws
    // UsageError for a score that is not in the registry.
    ModelScores(const Model& model, std::vector<ScoreSpec> specs, std::vector<std::int64_t> columns = {});

    bool any() const;            // at least one score is not skipped
    bool with_features() const;  // predict() must be asked for features
    bool wants_fit() const;
    bool wants_labels() const;  // of the fit set

    // To be called once, before score(), also when wants_fit() is false (then with no outputs). outputs: answers to the
    // fit set, with features if with_features(); labels: place among the scored columns per row, -1 where unknown,
    // empty without labels. Rows that are not finite are left out. Throws DataError: too few samples, no labels.
    void fit(const Outputs& outputs, std::span<const std::int32_t> labels);

    // One column per spec, in order, one number per row of `outputs`; empty for those that were skipped. NaN where the
    // answer is not finite. `input`: what was answered, as for predict(). Thread-safe.
    std::vector<std::vector<float>> score(const Outputs& outputs, std::span<const float> input, int height,
                                          int width) const;

    const std::vector<ScoreState>& states() const { return states_; }  // one per spec

  private:
    struct Prepared;
    Prepared prepare(const Outputs& outputs) const;
    std::string reason_against(const ScoreInfo& info) const;
    template <typename Asks>
    bool any_of(Asks asks) const;

    const Model& model_;
    std::vector<std::int64_t> columns_;
    std::optional<Classifier> classifier_;  // of the scored columns
    std::vector<ScoreSpec> specs_;
    std::vector<const ScoreEntry*> entries_;
    std::vector<std::unique_ptr<Score>> scores_;  // null for those that were skipped
    std::vector<ScoreState> states_;
    bool recompute_logits_ = false;  // from features, where the model answers probabilities
};

}  // namespace misfire
