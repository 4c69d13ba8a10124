#include <boost/math/tools/minima.hpp>
#include <cstdio>

#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class TemperatureScaled : public RowScore {
  public:
    explicit TemperatureScaled(const ScoreSettings&) {}

    // The temperature with the least negative log-likelihood of the labels. That is convex in 1/T, so one minimum.
    void fit(const ScoreRows& rows, const Classifier*) override {
        std::vector<std::int64_t> known;
        for (std::int64_t r = 0; r < rows.rows; ++r) {
            if (rows.labels[static_cast<std::size_t>(r)] >= 0) known.push_back(r);
        }
        const auto loss = [&](double log_temperature) {
            const double temperature = std::exp(log_temperature);
            double sum = 0.0;
            for (const std::int64_t r : known) {
                const std::span<const float> z = rows.logits_of(r);
                const auto label = static_cast<std::size_t>(rows.labels[static_cast<std::size_t>(r)]);
                sum += (log_sum_exp(z, temperature) - static_cast<double>(z[label])) / temperature;
            }
            return sum / static_cast<double>(known.size());
        };
        constexpr double widest = 6.9;  // T from 0.001 to 1000
        constexpr int bits = 30;
        temperature_ = std::exp(boost::math::tools::brent_find_minima(loss, -widest, widest, bits).first);
    }

    std::string note() const override {
        char text[40];
        std::snprintf(text, sizeof text, "T = %.4g", temperature_);
        return text;
    }

  private:
    double value(std::span<const float> logits, std::vector<double>&) const override {
        return largest_probability(logits, temperature_);
    }

    double temperature_ = 1.0;
};

}  // namespace

const ScoreEntry& temperature_scaled() {
    static const ScoreEntry entry{
        {.name = "temperature_scaled",
         .summary = "the largest probability after dividing the logits by the temperature that fits the fit set best",
         .fit = true,
         .labels = true,
         .reference = "Guo and others, On calibration of modern neural networks, ICML 2017"},
        make<TemperatureScaled>};
    return entry;
}

}  // namespace misfire::scores
