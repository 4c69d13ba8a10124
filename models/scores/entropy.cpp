#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Entropy : public RowScore {
  public:
    explicit Entropy(const ScoreSettings&) {}

  private:
    double value(std::span<const float> logits, std::vector<double>& p) const override {
        softmax(logits, p);
        double sum = 0.0;
        for (const double share : p) sum += share > 0.0 ? share * std::log(share) : 0.0;
        return sum;
    }
};

}  // namespace

const ScoreEntry& entropy() {
    static const ScoreEntry entry{
        {.name = "entropy",
         .summary = "negative entropy of the probabilities, in nats: sum p log p",
         .reference = "Chan and others, Entropy maximization and meta classification for out-of-distribution "
                      "detection in semantic segmentation, ICCV 2021"},
        make<Entropy>};
    return entry;
}

}  // namespace misfire::scores
