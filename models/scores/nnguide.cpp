#include "models/scores/fit_set.h"
#include "models/scores/neighbours.h"
#include "models/scores/row_score.h"
#include "models/scores/unit_rows.h"

namespace misfire::scores {

namespace {

class NnGuide : public Score {
  public:
    explicit NnGuide(const ScoreSettings& settings) : k_(settings.whole("k")) {}

    // Unit features of the fit set, each as long as its energy.
    void fit(const ScoreRows& rows, const Classifier*) override {
        require_samples("nnguide", rows.rows, static_cast<std::int64_t>(k_), "k = " + std::to_string(k_) + " needs");
        std::vector<float> guides = unit_rows(rows);
        const auto depth = static_cast<std::size_t>(rows.features);
        for (std::int64_t r = 0; r < rows.rows; ++r) {
            const double energy = log_sum_exp(rows.logits_of(r));
            float* guide = guides.data() + static_cast<std::size_t>(r) * depth;
            for (std::size_t d = 0; d < depth; ++d)
                guide[d] = static_cast<float>(static_cast<double>(guide[d]) * energy);
        }
        bank_ = NeighbourBank(std::move(guides), depth, {});
    }

    void score(const ScoreRows& rows, std::span<float> out) const override {
        const std::vector<double> nearest = bank_.largest(unit_rows(rows), k_);
        for (std::size_t r = 0; r < static_cast<std::size_t>(rows.rows); ++r) {
            double sum = 0.0;
            for (std::size_t i = 0; i < k_; ++i) sum += nearest[r * k_ + i];
            const double energy = log_sum_exp(rows.logits_of(static_cast<std::int64_t>(r)));
            out[r] = static_cast<float>(energy * sum / static_cast<double>(k_));
        }
    }

  private:
    std::size_t k_;
    NeighbourBank bank_;
};

}  // namespace

const ScoreEntry& nnguide() {
    static const ScoreEntry entry{
        {.name = "nnguide",
         .summary = "energy times the mean similarity to the k most similar samples of the fit set, weighted by theirs",
         .logits_themselves = true,
         .features = true,
         .fit = true,
         .options = {whole("k", "how many neighbours; OpenOOD takes 100 of 1 % of the training set", "10", 1,
                           "1 to 100")},
         .reference = "Park, Jung and Teoh, Nearest neighbor guidance for out-of-distribution detection, ICCV 2023"},
        make<NnGuide>};
    return entry;
}

}  // namespace misfire::scores
