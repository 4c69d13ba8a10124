#include "models/scores/shaped_energy.h"

namespace misfire::scores {

namespace {

class Dice : public ShapedEnergy {
  public:
    explicit Dice(const ScoreSettings& settings) : percentile_(settings.number("percentile")) {}

  private:
    // Weights whose contribution to the mean answer is small are taken out.
    void learn(const ScoreRows& rows) override {
        Matrix& w = weights();
        std::vector<double> mean(w.columns, 0.0);
        for (std::int64_t r = 0; r < rows.rows; ++r) {
            for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += static_cast<double>(rows.features_of(r)[d]);
        }
        for (double& value : mean) value /= static_cast<double>(rows.rows);
        std::vector<double> contribution(w.values.size());
        for (std::size_t i = 0; i < contribution.size(); ++i) contribution[i] = w.values[i] * mean[i % w.columns];
        std::vector<double> sorted = contribution;
        const double least = percentile_of(sorted, percentile_);
        for (std::size_t i = 0; i < contribution.size(); ++i) {
            if (contribution[i] <= least) w.values[i] = 0.0;
        }
    }

    double percentile_;
};

}  // namespace

const ScoreEntry& dice() {
    static const ScoreEntry entry{
        {.name = "dice",
         .summary = "energy of the last layer with only those weights that contribute most on the fit set",
         .features = true,
         .classifier = true,
         .fit = true,
         .options = {number("percentile", "of the contributions, below which weights are taken out", "90", 0, 100,
                            "10 to 90")},
         .reference = "Sun and Li, DICE: leveraging sparsification for out-of-distribution detection, ECCV 2022"},
        make<Dice>};
    return entry;
}

}  // namespace misfire::scores
