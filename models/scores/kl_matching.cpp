#include "models/scores/linear_algebra.h"
#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

// Stands for log 0: no sum of finitely many probabilities times this overflows, and any of them outweighs all else.
constexpr double log_of_nothing = -1e300;

class KlMatching : public Score {
  public:
    explicit KlMatching(const ScoreSettings&) {}

    // The mean probabilities of the samples that were predicted as each class; one-hot for a class that never was.
    void fit(const ScoreRows& rows, const Classifier*) override {
        const auto classes = static_cast<std::size_t>(rows.classes);
        log_typical_ = Matrix(classes, classes);
        std::vector<double> count(classes, 0.0), p;
        for (std::int64_t r = 0; r < rows.rows; ++r) {
            softmax(rows.logits_of(r), p);
            const std::size_t k = predicted(rows.logits_of(r));
            count[k] += 1.0;
            for (std::size_t c = 0; c < classes; ++c) log_typical_.row(k)[c] += p[c];
        }
        for (std::size_t k = 0; k < classes; ++k) {
            if (count[k] == 0.0) {
                log_typical_.row(k)[k] = count[k] = 1.0;
                ++never_;
            }
            for (double& value : log_typical_.row(k)) value = value > 0.0 ? std::log(value / count[k]) : log_of_nothing;
        }
    }

    // KL(p, d_k) = sum p log p - sum p log d_k; the smallest of k.
    void score(const ScoreRows& rows, std::span<float> out) const override {
        Matrix shares(static_cast<std::size_t>(rows.rows), static_cast<std::size_t>(rows.classes));
        std::vector<double> p, information(shares.rows, 0.0);
        for (std::size_t r = 0; r < shares.rows; ++r) {
            softmax(rows.logits_of(static_cast<std::int64_t>(r)), p);
            std::copy(p.begin(), p.end(), shares.row(r).begin());
            for (const double share : p) information[r] += share > 0.0 ? share * std::log(share) : 0.0;
        }
        const Matrix crossed = product(shares, log_typical_);
        for (std::size_t r = 0; r < shares.rows; ++r) {
            const std::span<const double> row = crossed.row(r);
            out[r] = static_cast<float>(*std::max_element(row.begin(), row.end()) - information[r]);
        }
    }

    std::string note() const override {
        return never_ == 0 ? "" : std::to_string(never_) + " classes are predicted for no sample of the fit set";
    }

  private:
    Matrix log_typical_;  // [class, class]
    std::size_t never_ = 0;
};

}  // namespace

const ScoreEntry& kl_matching() {
    static const ScoreEntry entry{
        {.name = "kl_matching",
         .summary = "negative Kullback-Leibler divergence from the nearest typical distribution of probabilities",
         .fit = true,
         .reference = "Hendrycks and others, Scaling out-of-distribution detection for real-world settings, ICML 2022"},
        make<KlMatching>};
    return entry;
}

}  // namespace misfire::scores
