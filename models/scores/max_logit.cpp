#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class MaxLogit : public RowScore {
  public:
    explicit MaxLogit(const ScoreSettings&) {}

  private:
    double value(std::span<const float> logits, std::vector<double>&) const override {
        return static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    }
};

}  // namespace

const ScoreEntry& max_logit() {
    static const ScoreEntry entry{
        {.name = "max_logit",
         .summary = "the largest logit, before the softmax hides how large all of them are",
         .logits_themselves = true,
         .reference = "Hendrycks and others, Scaling out-of-distribution detection for real-world settings, ICML 2022"},
        make<MaxLogit>};
    return entry;
}

}  // namespace misfire::scores
