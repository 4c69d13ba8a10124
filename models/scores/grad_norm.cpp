#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

// The gradient of sum_c -log p_c by the last weights is the outer product of C p - 1 and the features, so that its L1
// norm is the product of theirs: no pass back is needed.
class GradNorm : public Score {
  public:
    explicit GradNorm(const ScoreSettings&) {}

    void score(const ScoreRows& rows, std::span<float> out) const override {
        std::vector<double> p;
        for (std::int64_t r = 0; r < rows.rows; ++r) {
            softmax(rows.logits_of(r), p);
            double answers = 0.0, features = 0.0;
            for (const double share : p) answers += std::abs(static_cast<double>(p.size()) * share - 1.0);
            for (const float feature : rows.features_of(r)) features += std::abs(static_cast<double>(feature));
            out[static_cast<std::size_t>(r)] = static_cast<float>(answers * features);
        }
    }
};

}  // namespace

const ScoreEntry& grad_norm() {
    static const ScoreEntry entry{
        {.name = "grad_norm",
         .summary = "L1 norm of the gradient of the cross-entropy against all ones by the last weights",
         .features = true,
         .classifier = true,
         .reference = "Huang, Geng and Li, On the importance of gradients for detecting distributional shifts in the "
                      "wild, NeurIPS 2021"},
        make<GradNorm>};
    return entry;
}

}  // namespace misfire::scores
