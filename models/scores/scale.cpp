#include "models/scores/largest.h"
#include "models/scores/shaped_energy.h"

namespace misfire::scores {

namespace {

class Scale : public ShapedEnergy {
  public:
    explicit Scale(const ScoreSettings& settings) : percentile_(settings.number("percentile")) {}

  private:
    void shape(std::span<double> features) const override {
        double largest = 0.0;
        for (const std::uint32_t place : largest_places(features, kept_of(features.size(), percentile_)))
            largest += features[place];
        if (largest == 0.0) return;
        const double factor = std::exp(sum_of(features) / largest);
        for (double& value : features) value *= factor;
    }

    double percentile_;
};

}  // namespace

const ScoreEntry& scale() {
    static const ScoreEntry entry{
        {.name = "scale",
         .summary = "energy after multiplying all features by exp(sum of all / sum of the largest)",
         .features = true,
         .classifier = true,
         .options = {number("percentile", "of a sample's activations, above which they are the largest", "85", 0, 100,
                            "65 to 95")},
         .reference =
             "Xu and others, Scaling for training time and post-hoc out-of-distribution detection enhancement, "
             "ICLR 2024"},
        make<Scale>};
    return entry;
}

}  // namespace misfire::scores
