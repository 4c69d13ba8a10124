// Metrics of a score: a family such as `auroc` gives a metric for every score, `auroc:msp`, `auroc:energy`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "results/metrics/ranked_scores.h"

namespace misfire {

inline constexpr char score_separator = ':';

struct ScoreMetricFamily {
    MetricInfo (*info)();  // name: of the family
    std::unique_ptr<Metric> (*make)(const std::string& score);
};

// In alphabetical order of their names.
const std::vector<ScoreMetricFamily>& score_metric_families();

// "auroc" of "auroc:msp"; null where the text does not begin with the name of a family and a separator, or the score
// is no slug.
const ScoreMetricFamily* family_of(std::string_view metric);
// "msp" of "auroc:msp".
std::string score_of(std::string_view metric);

// The metrics of every family for one score.
std::vector<std::string> metrics_of_score(std::string_view score);

// A metric whose value is one function of the weighted steps of both sides.
class ScoreStatistic : public Statistic {
  public:
    using Value = double (*)(std::span<const RankedScores::Step> descending, RankedScores::Step total);
    ScoreStatistic(RankedScores ranked, Value formula) : ranked_(std::move(ranked)), value_(formula) {}
    double value(std::span<const std::int32_t> weights) const override;

  protected:
    const RankedScores& ranked() const { return ranked_; }

  private:
    RankedScores ranked_;
    Value value_;
};

// What all metrics of ID against OOD samples by a score have in common. Info: MetricInfo function of the family.
class ScoreMetric : public Metric {
  public:
    ScoreMetric(MetricInfo info, std::string score, ScoreStatistic::Value value)
        : info_(std::move(info)), score_(std::move(score)), value_(value) {
        info_.name += score_separator + score_;
    }
    const MetricInfo& info() const override { return info_; }
    std::string undefined_because(const MetricInput& input) const override {
        return because_of_missing_sides(input, score_);
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<ScoreStatistic>(RankedScores(input, score_), value_);
    }
    const std::string& score() const { return score_; }

  private:
    MetricInfo info_;
    std::string score_;
    ScoreStatistic::Value value_;
};

}  // namespace misfire
