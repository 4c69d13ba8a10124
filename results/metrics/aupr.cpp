// Areas under precision-recall curves, by trapezoids as scikit-learn's auc(recall, precision).
#include "results/metrics/score_metric.h"

namespace misfire {
namespace {

// One more point of the curve; it begins at recall 0 with precision 1.
class Curve {
  public:
    void add(std::int64_t hits, std::int64_t false_alarms, std::int64_t positives) {
        hits_ += hits;
        found_ += hits + false_alarms;
        const double recall = static_cast<double>(hits_) / static_cast<double>(positives);
        const double precision = static_cast<double>(hits_) / static_cast<double>(found_);
        area_ += (recall - recall_) * 0.5 * (precision + precision_);
        recall_ = recall;
        precision_ = precision;
    }
    double area() const { return area_; }

  private:
    std::int64_t hits_ = 0, found_ = 0;
    double recall_ = 0.0, precision_ = 1.0, area_ = 0.0;
};

double of_known(std::span<const RankedScores::Step> descending, RankedScores::Step total) {
    Curve curve;
    for (const RankedScores::Step& step : descending) curve.add(step.known, step.unknown, total.known);
    return curve.area();
}

double of_unknown(std::span<const RankedScores::Step> descending, RankedScores::Step total) {
    Curve curve;
    for (std::size_t i = descending.size(); i-- > 0;)
        curve.add(descending[i].unknown, descending[i].known, total.unknown);
    return curve.area();
}

MetricInfo describe(const char* name, const char* summary) {
    return {.name = name,
            .summary = summary,
            .unit = "fraction",
            .direction = Direction::higher_is_better,
            .interval = Interval::bootstrap,
            .over_ood = true,
            .reference = "Hendrycks and Gimpel, ICLR 2017; trapezoids as in OpenOOD (Yang et al., NeurIPS 2022)"};
}

MetricInfo describe_in() {
    return describe("aupr_in",
                    "area under the precision-recall curve of a score with the in-distribution samples as positives; a "
                    "guess gives their share");
}

MetricInfo describe_out() {
    return describe("aupr_out",
                    "area under the precision-recall curve of a score with the out-of-distribution samples as "
                    "positives (low scores); a guess gives their share");
}

}  // namespace

ScoreMetricFamily aupr_in_family() {
    return {describe_in, [](const std::string& score) -> std::unique_ptr<Metric> {
                return std::make_unique<ScoreMetric>(describe_in(), score, of_known);
            }};
}

ScoreMetricFamily aupr_out_family() {
    return {describe_out, [](const std::string& score) -> std::unique_ptr<Metric> {
                return std::make_unique<ScoreMetric>(describe_out(), score, of_unknown);
            }};
}

}  // namespace misfire
