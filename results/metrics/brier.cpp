#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class Brier : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "brier",
            .summary =
                "mean squared distance of the probabilities from the one-hot target, summed over classes, 0 to 2; "
                "undefined when an output is not finite or a label is missing",
            .unit = "1",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .reference =
                "Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1950",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_loss(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) { return input.outcomes.brier[row]; });
    }
    // Uniform probabilities.
    double chance(std::int64_t classes) const override { return 1.0 - 1.0 / static_cast<double>(classes); }
};

}  // namespace

const Metric& brier_metric() {
    static const Brier metric;
    return metric;
}

}  // namespace misfire
