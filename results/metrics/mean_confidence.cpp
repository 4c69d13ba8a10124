#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class MeanConfidence : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "mean_confidence",
            .summary =
                "mean of the largest probability; neither high nor low is good by itself: read it against accuracy; "
                "undefined when an output is not finite",
            .unit = "fraction",
            .direction = Direction::neither,
            .breaking = BreakingRule::none,
            .interval = Interval::bootstrap,
            .reference =
                "Hendrycks and Gimpel, A baseline for detecting misclassified and out-of-distribution examples, ICLR "
                "2017",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override {
        return because_of_missing_probabilities(input);
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) { return input.outcomes.confidence[row]; });
    }
};

}  // namespace

const Metric& mean_confidence_metric() {
    static const MeanConfidence metric;
    return metric;
}

}  // namespace misfire
