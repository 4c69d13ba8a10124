#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class NegativeLogLikelihood : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "nll",
            .summary =
                "mean of -log p(target), natural logarithm; undefined when an output is not finite or a label is "
                "missing",
            .unit = "nat",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .reference = "Good, Rational decisions, J. R. Stat. Soc. B 14, 1952",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_loss(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) { return input.outcomes.loss[row]; });
    }
    double chance(std::int64_t classes) const override { return std::log(static_cast<double>(classes)); }
};

}  // namespace

const Metric& nll_metric() {
    static const NegativeLogLikelihood metric;
    return metric;
}

}  // namespace misfire
