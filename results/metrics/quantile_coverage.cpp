#include "results/metrics/errors_of_rows.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class QuantileCoverage : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "quantile_coverage",
            .summary = "share of truths between the lowest and the highest quantile that a model gives",
            .unit = "fraction",
            .direction = Direction::higher_is_better,
            .breaking = BreakingRule::none,
            .interval = Interval::bootstrap,
            .regression = true,
            .minimum_classes = 0,
            .reference =
                "Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 102, 2007",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override {
        return because_of_missing_quantiles(input);
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        const std::vector<float>& answers = input.outcomes.kept.at(quantiles_column);
        const std::size_t width = input.quantiles.size();
        return mean_of_rows(input, [&](std::uint32_t row) {
            const float truth = input.outcomes.kept.at(actual_column)[row];
            return truth >= answers[row * width] && truth <= answers[row * width + width - 1] ? 1.0 : 0.0;
        });
    }
};

}  // namespace

const Metric& quantile_coverage_metric() {
    static const QuantileCoverage metric;
    return metric;
}

}  // namespace misfire
