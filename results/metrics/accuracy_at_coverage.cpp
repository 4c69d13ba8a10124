// Open-set accuracy: what is right among the samples that are not refused.
#include <limits>

#include "results/metrics/score_metric.h"
#include "results/metrics/selective_risk.h"

namespace misfire {
namespace {

template <int percent>
MetricInfo describe() {
    return {.name = "accuracy_at_coverage_" + std::to_string(percent),
            .summary = "accuracy on the " + std::to_string(percent) +
                       " % of the samples with the highest scores when the others are refused; an out-of-distribution "
                       "sample that is not refused is a mistake",
            .unit = "fraction",
            .direction = Direction::higher_is_better,
            .breaking = BreakingRule::half_way_to_chance,
            .interval = Interval::bootstrap,
            .over_ood = true,
            .reference = "Geifman and El-Yaniv, Selective classification for deep neural networks, NeurIPS 2017"};
}

class AccuracyAtCoverage : public Statistic {
  public:
    AccuracyAtCoverage(const MetricInput& input, const std::string& score, int percent)
        : risk_(input, score), percent_(percent) {}
    double value(std::span<const std::int32_t> weights) const override {
        std::int64_t n = 0;
        for (const std::int32_t weight : weights) n += weight;
        const std::int64_t accepted = (n * percent_ + 99) / 100;
        double accuracy = std::numeric_limits<double>::quiet_NaN();
        risk_.for_each_coverage(weights, [&](std::int64_t k, double mistakes) {
            if (k == accepted) accuracy = 1.0 - mistakes / static_cast<double>(k);
        });
        return accuracy;
    }

  private:
    SelectiveRisk risk_;
    int percent_;
};

template <int percent>
class AtCoverage : public ScoreMetric {
  public:
    explicit AtCoverage(const std::string& score) : ScoreMetric(describe<percent>(), score, nullptr) {}
    std::string undefined_because(const MetricInput& input) const override {
        const std::string why = because_of_missing_scores(input, score());
        return why.empty() ? because_of_unlabelled_rows(input) : why;
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<AccuracyAtCoverage>(input, score(), percent);
    }
    double chance(std::int64_t classes) const override { return 1.0 / static_cast<double>(classes); }
};

template <int percent>
ScoreMetricFamily family() {
    return {describe<percent>, [](const std::string& score) -> std::unique_ptr<Metric> {
                return std::make_unique<AtCoverage<percent>>(score);
            }};
}

}  // namespace

ScoreMetricFamily accuracy_at_coverage_50_family() { return family<50>(); }
ScoreMetricFamily accuracy_at_coverage_80_family() { return family<80>(); }
ScoreMetricFamily accuracy_at_coverage_90_family() { return family<90>(); }
ScoreMetricFamily accuracy_at_coverage_95_family() { return family<95>(); }

}  // namespace misfire
