#include "models/scores/largest.h"
#include "models/scores/shaped_energy.h"

namespace misfire::scores {

namespace {

class Ash : public ShapedEnergy {
  public:
    explicit Ash(const ScoreSettings& settings)
        : percentile_(settings.number("percentile")), variant_(settings.word("variant").front()) {}

  private:
    void shape(std::span<double> features) const override {
        const std::size_t k = kept_of(features.size(), percentile_);
        const std::vector<std::uint32_t> kept = largest_places(features, k);
        const double before = sum_of(features);
        double after = 0.0;
        std::vector<double> values;
        for (const std::uint32_t place : kept) {
            values.push_back(features[place]);
            after += features[place];
        }
        std::fill(features.begin(), features.end(), 0.0);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            switch (variant_) {
                case 'b': features[kept[i]] = before / static_cast<double>(k); break;
                case 's': features[kept[i]] = after == 0.0 ? 0.0 : values[i] * std::exp(before / after); break;
                default: features[kept[i]] = values[i];
            }
        }
    }

    double percentile_;
    char variant_;
};

ScoreOption variant_option() {
    ScoreOption option;
    option.name = "variant";
    option.meaning =
        "what becomes of the activations kept: b, all the same, their sum as before; s, scaled up by exp of "
        "the ratio of the sums before and after; p, nothing";
    option.default_value = "b";
    option.choices = {"b", "s", "p"};
    return option;
}

}  // namespace

const ScoreEntry& ash() {
    static const ScoreEntry entry{
        {.name = "ash",
         .summary = "energy after keeping only the largest features",
         .features = true,
         .classifier = true,
         .options = {number("percentile", "of a sample's activations, below which they become 0", "90", 0, 100,
                            "65 to 95"),
                     variant_option()},
         .reference = "Djurisic and others, Extremely simple activation shaping for out-of-distribution detection, "
                      "ICLR 2023"},
        make<Ash>};
    return entry;
}

}  // namespace misfire::scores
