#include "models/scores/class_gaussians.h"
#include "models/scores/fit_set.h"
#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class RelativeMahalanobis : public Score {
  public:
    explicit RelativeMahalanobis(const ScoreSettings&) {}

    void fit(const ScoreRows& rows, const Classifier*) override { gaussians_.fit(rows, "relative_mahalanobis", true); }

    void score(const ScoreRows& rows, std::span<float> out) const override {
        const Matrix features = features_of(rows);
        const std::vector<double> nearest = gaussians_.nearest_class(features);
        const std::vector<double> background = gaussians_.to_background(features);
        for (std::size_t r = 0; r < nearest.size(); ++r) out[r] = static_cast<float>(background[r] - nearest[r]);
    }

    std::string note() const override { return gaussians_.note(); }

  private:
    ClassGaussians gaussians_;
};

}  // namespace

const ScoreEntry& relative_mahalanobis() {
    static const ScoreEntry entry{
        {.name = "relative_mahalanobis",
         .summary = "Mahalanobis distance from all samples together, minus that from the nearest class mean",
         .features = true,
         .fit = true,
         .labels = true,
         .reference = "Ren and others, A simple fix to Mahalanobis distance for improving near-OOD detection, 2021"},
        make<RelativeMahalanobis>};
    return entry;
}

}  // namespace misfire::scores
