#include <cstdio>

#include "models/scores/shaped_energy.h"

namespace misfire::scores {

namespace {

class React : public ShapedEnergy {
  public:
    explicit React(const ScoreSettings& settings) : percentile_(settings.number("percentile")) {}

    std::string note() const override {
        char text[60];
        std::snprintf(text, sizeof text, "activations are clipped at %.4g", threshold_);
        return text;
    }

  private:
    void learn(const ScoreRows& rows) override {
        std::vector<double> all(rows.feature_values.begin(), rows.feature_values.end());
        threshold_ = percentile_of(all, percentile_);
    }

    void shape(std::span<double> features) const override {
        for (double& value : features) value = std::min(value, threshold_);
    }

    double percentile_;
    double threshold_ = 0.0;
};

}  // namespace

const ScoreEntry& react() {
    static const ScoreEntry entry{
        {.name = "react",
         .summary = "energy after clipping the features at a percentile of all activations of the fit set",
         .features = true,
         .classifier = true,
         .fit = true,
         .options = {number("percentile", "where activations are clipped", "90", 0, 100, "85 to 99")},
         .reference = "Sun, Guo and Li, ReAct: out-of-distribution detection with rectified activations, NeurIPS 2021"},
        make<React>};
    return entry;
}

}  // namespace misfire::scores
