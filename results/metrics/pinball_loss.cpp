#include "results/metrics/errors_of_rows.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class PinballLoss : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "pinball_loss",
            .summary =
                "mean over the quantiles that a model gives of the pinball loss (q - [truth < answer]) (truth - "
                "answer)",
            .unit = "unit of the target",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .regression = true,
            .minimum_classes = 0,
            .reference = "Koenker and Bassett, Regression quantiles, Econometrica 46, 1978",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override {
        return because_of_missing_quantiles(input);
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        const std::vector<float>& answers = input.outcomes.kept.at(quantiles_column);
        return mean_of_rows(input, [&](std::uint32_t row) {
            const double truth = static_cast<double>(input.outcomes.kept.at(actual_column)[row]);
            double sum = 0.0;
            for (std::size_t k = 0; k < input.quantiles.size(); ++k) {
                const double over = truth - static_cast<double>(answers[row * input.quantiles.size() + k]);
                sum += (input.quantiles[k] - (over < 0.0 ? 1.0 : 0.0)) * over;
            }
            return sum / static_cast<double>(input.quantiles.size());
        });
    }
};

}  // namespace

const Metric& pinball_loss_metric() {
    static const PinballLoss metric;
    return metric;
}

}  // namespace misfire
