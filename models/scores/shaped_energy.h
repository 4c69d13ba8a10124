// Energy of the last layer after its input was changed.
#pragma once

#include <cmath>
#include <vector>

#include "models/scores/fit_set.h"
#include "models/scores/row_score.h"

namespace misfire::scores {

class ShapedEnergy : public Score {
  public:
    void fit(const ScoreRows& rows, const Classifier* classifier) override {
        weights_ = weights_of(*classifier);
        bias_.assign(classifier->bias.begin(), classifier->bias.end());
        learn(rows);
    }

    void score(const ScoreRows& rows, std::span<float> out) const final {
        Matrix features = features_of(rows);
        for (std::size_t r = 0; r < features.rows; ++r) shape(features.row(r));
        Matrix logits = product(features, weights_);
        for (std::size_t r = 0; r < logits.rows; ++r) {
            for (std::size_t c = 0; c < bias_.size(); ++c) logits.row(r)[c] += bias_[c];
            out[r] = static_cast<float>(log_sum_exp(std::span<const double>(logits.row(r))));
        }
    }

  protected:
    Matrix& weights() { return weights_; }

  private:
    // From the fit set, where the score wants one.
    virtual void learn(const ScoreRows&) {}
    // Changes the features of one sample.
    virtual void shape(std::span<double>) const {}

    Matrix weights_;  // [classes, features]
    std::vector<double> bias_;
};

// How many activations ASH and SCALE keep of n: n - round(n percentile / 100), half to even as NumPy's round.
inline std::size_t kept_of(std::size_t n, double percentile) {
    return n - static_cast<std::size_t>(std::nearbyint(static_cast<double>(n) * percentile / 100.0));
}

// NumPy's percentile: between the two nearest ranks in a straight line. Reorders the values.
inline double percentile_of(std::span<double> values, double percentile) {
    const double place = percentile / 100.0 * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
    std::nth_element(values.begin(), values.begin() + below, values.end());
    const double low = values[static_cast<std::size_t>(below)];
    if (static_cast<std::size_t>(below) + 1 == values.size()) return low;
    const double high = *std::min_element(values.begin() + below + 1, values.end());
    return low + (high - low) * (place - static_cast<double>(below));
}

}  // namespace misfire::scores
