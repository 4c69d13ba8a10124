#include "models/scores/class_gaussians.h"
#include "models/scores/fit_set.h"
#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Mahalanobis : public Score {
  public:
    explicit Mahalanobis(const ScoreSettings&) {}

    void fit(const ScoreRows& rows, const Classifier*) override { gaussians_.fit(rows, "mahalanobis", false); }

    void score(const ScoreRows& rows, std::span<float> out) const override {
        const std::vector<double> nearest = gaussians_.nearest_class(features_of(rows));
        for (std::size_t r = 0; r < nearest.size(); ++r) out[r] = static_cast<float>(-nearest[r]);
    }

    std::string note() const override { return gaussians_.note(); }

  private:
    ClassGaussians gaussians_;
};

}  // namespace

const ScoreEntry& mahalanobis() {
    static const ScoreEntry entry{
        {.name = "mahalanobis",
         .summary = "negative squared Mahalanobis distance of the features from the nearest class mean",
         .features = true,
         .fit = true,
         .labels = true,
         .reference = "Lee and others, A simple unified framework for detecting out-of-distribution samples and "
                      "adversarial attacks, NeurIPS 2018"},
        make<Mahalanobis>};
    return entry;
}

}  // namespace misfire::scores
