#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Msp : public RowScore {
  public:
    explicit Msp(const ScoreSettings&) {}

  private:
    double value(std::span<const float> logits, std::vector<double>&) const override {
        return largest_probability(logits);
    }
};

}  // namespace

const ScoreEntry& msp() {
    static const ScoreEntry entry{{.name = "msp",
                                   .summary = "the largest probability: the confidence itself",
                                   .reference = "Hendrycks and Gimpel, A baseline for detecting misclassified and "
                                                "out-of-distribution examples, ICLR 2017"},
                                  make<Msp>};
    return entry;
}

}  // namespace misfire::scores
