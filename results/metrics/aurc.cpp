#include <limits>

#include "results/metrics/score_metric.h"
#include "results/metrics/selective_risk.h"

namespace misfire {
namespace {

MetricInfo describe() {
    return {.name = "aurc",
            .summary =
                "area under the risk-coverage curve: mean over all coverages of the share of mistakes among the "
                "samples of the highest scores; out-of-distribution samples that are not refused are mistakes, "
                "samples of one score are taken in no order",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .over_ood = true,
            .reference =
                "Geifman, Uziel and El-Yaniv, Bias-reduced uncertainty estimation for deep neural classifiers, "
                "ICLR 2019; with out-of-distribution samples as in Kim et al., 2021 (unified view)"};
}

class AreaUnderRisk : public Statistic {
  public:
    AreaUnderRisk(const MetricInput& input, const std::string& score) : risk_(input, score) {}
    double value(std::span<const std::int32_t> weights) const override {
        double sum = 0.0;
        std::int64_t n = 0;
        risk_.for_each_coverage(weights, [&](std::int64_t k, double mistakes) {
            sum += mistakes / static_cast<double>(k);
            n = k;
        });
        return n == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(n);
    }

  private:
    SelectiveRisk risk_;
};

class Aurc : public ScoreMetric {
  public:
    explicit Aurc(const std::string& score) : ScoreMetric(describe(), score, nullptr) {}
    std::string undefined_because(const MetricInput& input) const override {
        const std::string why = because_of_missing_scores(input, score());
        return why.empty() ? because_of_unlabelled_rows(input) : why;
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<AreaUnderRisk>(input, score());
    }
};

}  // namespace

ScoreMetricFamily aurc_family() {
    return {describe,
            [](const std::string& score) -> std::unique_ptr<Metric> { return std::make_unique<Aurc>(score); }};
}

}  // namespace misfire
