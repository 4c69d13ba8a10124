#include <cstdio>

#include "models/scores/fit_set.h"
#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Vim : public Score {
  public:
    explicit Vim(const ScoreSettings& settings) : asked_(settings.number("dimension")) {}

    // The origin moved to where the last layer answers nothing; the residual space is what is left of the features
    // beyond the directions in which the fit set varies most.
    void fit(const ScoreRows& rows, const Classifier* classifier) override {
        const auto depth = static_cast<std::size_t>(rows.features);
        require_samples("vim", rows.rows, rows.features,
                        "a covariance of " + std::to_string(depth) + " features needs");
        const std::vector<double> bias(classifier->bias.begin(), classifier->bias.end());
        origin_ = Matrix(1, depth);
        origin_.values = shortest_solution(weights_of(*classifier), bias);
        for (double& value : origin_.values) value = -value;
        const Matrix features = features_of(rows);
        const std::vector<std::int32_t> centre(features.rows, 0);
        const Spectrum spectrum = spectrum_of(covariance(features, origin_, centre));
        const std::size_t residual = depth - dimension_of(depth);  // eigenvalues are ascending: the first ones
        residual_ = Matrix(residual, depth);
        std::copy_n(spectrum.vectors.values.begin(), residual * depth, residual_.values.begin());
        scale_against(rows, features);
    }

    void score(const ScoreRows& rows, std::span<float> out) const override {
        const std::vector<double> left = residual_norms(features_of(rows));
        for (std::size_t r = 0; r < left.size(); ++r)
            out[r] = static_cast<float>(log_sum_exp(rows.logits_of(static_cast<std::int64_t>(r))) - alpha_ * left[r]);
    }

    std::string note() const override {
        char text[80];
        std::snprintf(text, sizeof text, "dimension %zu of %zu, alpha = %.4g", residual_.columns - residual_.rows,
                      residual_.columns, alpha_);
        return text;
    }

  private:
    // As in the authors' program.
    std::size_t dimension_of(std::size_t depth) const {
        if (std::isnan(asked_)) return depth >= 2048 ? 1000 : depth >= 768 ? 512 : depth / 2;
        if (asked_ >= static_cast<double>(depth)) {
            throw DataError("The score vim was asked for a principal space of " + std::to_string(std::llround(asked_)) +
                            " dimensions, and the model has " + std::to_string(depth) +
                            " features: nothing is left beyond it. Give a smaller `dimension`, or auto.");
        }
        return static_cast<std::size_t>(asked_);
    }

    std::vector<double> residual_norms(Matrix features) const {
        for (std::size_t r = 0; r < features.rows; ++r) {
            for (std::size_t d = 0; d < features.columns; ++d) features.row(r)[d] -= origin_.values[d];
        }
        const Matrix left = product(features, residual_);
        std::vector<double> norms;
        for (std::size_t r = 0; r < left.rows; ++r) {
            double squares = 0.0;
            for (const double value : left.row(r)) squares += value * value;
            norms.push_back(std::sqrt(squares));
        }
        return norms;
    }

    // The residual becomes one more logit, as large as the largest logit is on average.
    void scale_against(const ScoreRows& rows, const Matrix& features) {
        double logits = 0.0, norms = 0.0, all = 0.0;
        for (std::int64_t r = 0; r < rows.rows; ++r)
            logits += static_cast<double>(rows.logits_of(r)[predicted(rows.logits_of(r))]);
        for (const double norm : residual_norms(features)) norms += norm;
        for (const double value : features.values) all += std::abs(value);
        if (norms <= 1e-9 * all) {
            throw DataError(
                "The score vim finds no residual: the features of the fit set lie within the principal space. Give a "
                "smaller `dimension`, or leave the score out.");
        }
        alpha_ = logits / norms;
    }

    double asked_;
    Matrix origin_;    // [1, features]
    Matrix residual_;  // [features - dimension, features]
    double alpha_ = 0.0;
};

}  // namespace

const ScoreEntry& vim() {
    static const ScoreEntry entry{
        {.name = "vim",
         .summary = "energy minus what of the features lies outside the principal space of the fit set",
         .logits_themselves = true,
         .features = true,
         .classifier = true,
         .fit = true,
         .options = {whole("dimension",
                           "of the principal space; auto: 1000 from 2048 features, 512 from 768, otherwise half",
                           "auto", 1, "256, 512, 1000")},
         .reference = "Wang and others, ViM: out-of-distribution with virtual-logit matching, CVPR 2022"},
        make<Vim>};
    return entry;
}

}  // namespace misfire::scores
