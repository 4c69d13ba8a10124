#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Energy : public RowScore {
  public:
    explicit Energy(const ScoreSettings& settings) : temperature_(settings.number("temperature")) {}

  private:
    double value(std::span<const float> logits, std::vector<double>&) const override {
        return log_sum_exp(logits, temperature_);
    }

    double temperature_;
};

}  // namespace

const ScoreEntry& energy() {
    static const ScoreEntry entry{
        {.name = "energy",
         .summary = "negative free energy of the logits: T log sum exp(z / T)",
         .logits_themselves = true,
         .options = {between("temperature", "T", "1", 0, no_limit)},
         .reference = "Liu and others, Energy-based out-of-distribution detection, NeurIPS 2020"},
        make<Energy>};
    return entry;
}

}  // namespace misfire::scores
