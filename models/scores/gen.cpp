#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Gen : public RowScore {
  public:
    explicit Gen(const ScoreSettings& settings)
        : gamma_(settings.number("gamma")), classes_(settings.whole("classes")) {}

  private:
    double value(std::span<const float> logits, std::vector<double>& p) const override {
        softmax(logits, p);
        const std::size_t used = std::min(classes_, p.size());
        std::partial_sort(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(used), p.end(), std::greater<>());
        double sum = 0.0;
        for (std::size_t c = 0; c < used; ++c) sum += std::pow(p[c], gamma_) * std::pow(1.0 - p[c], gamma_);
        return -sum;
    }

    double gamma_;
    std::size_t classes_;
};

}  // namespace

const ScoreEntry& gen() {
    static const ScoreEntry entry{
        {.name = "gen",
         .summary = "generalised entropy of the largest probabilities: -sum p^gamma (1 - p)^gamma",
         .options = {between("gamma", "exponent; the smaller, the more small probabilities count", "0.1", 0, 1,
                             "0.01 to 0.5"),
                     whole("classes", "how many of the largest probabilities count, at most all", "100", 1,
                           "10 to 1000")},
         .reference = "Liu, Lochman and Zach, GEN: pushing the limits of softmax-based out-of-distribution detection, "
                      "CVPR 2023"},
        make<Gen>};
    return entry;
}

}  // namespace misfire::scores
