#include "models/scores/fit_set.h"
#include "models/scores/neighbours.h"
#include "models/scores/row_score.h"
#include "models/scores/unit_rows.h"

namespace misfire::scores {

namespace {

class Knn : public Score {
  public:
    explicit Knn(const ScoreSettings& settings) : k_(settings.whole("k")) {}

    void fit(const ScoreRows& rows, const Classifier*) override {
        require_samples("knn", rows.rows, static_cast<std::int64_t>(k_), "k = " + std::to_string(k_) + " needs");
        std::vector<float> unit = unit_rows(rows);
        const auto depth = static_cast<std::size_t>(rows.features);
        std::vector<double> offsets;  // |q - b|^2 = |q|^2 - 2 (<q, b> - |b|^2 / 2)
        for (std::size_t r = 0; r < static_cast<std::size_t>(rows.rows); ++r)
            offsets.push_back(-0.5 * squares({unit.data() + r * depth, depth}));
        bank_ = NeighbourBank(std::move(unit), depth, std::move(offsets));
    }

    void score(const ScoreRows& rows, std::span<float> out) const override {
        const std::vector<float> queries = unit_rows(rows);
        const std::vector<double> nearest = bank_.largest(queries, k_);
        const auto depth = static_cast<std::size_t>(rows.features);
        for (std::size_t r = 0; r < static_cast<std::size_t>(rows.rows); ++r) {
            const double own = squares({queries.data() + r * depth, depth});
            out[r] = static_cast<float>(-std::max(0.0, own - 2.0 * nearest[r * k_ + k_ - 1]));
        }
    }

  private:
    static double squares(std::span<const float> vector) {
        double sum = 0.0;
        for (const float value : vector) sum += static_cast<double>(value) * static_cast<double>(value);
        return sum;
    }

    std::size_t k_;
    NeighbourBank bank_;
};

}  // namespace

const ScoreEntry& knn() {
    static const ScoreEntry entry{
        {.name = "knn",
         .summary = "negative squared distance from the k-th nearest neighbour in the fit set, features at length 1",
         .features = true,
         .fit = true,
         .options = {whole("k", "which neighbour", "50", 1, "50 to 1000")},
         .reference = "Sun and others, Out-of-distribution detection with deep nearest neighbors, ICML 2022"},
        make<Knn>};
    return entry;
}

}  // namespace misfire::scores
