#include "results/metrics/errors_of_rows.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class MeanAbsoluteError : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "mae",
            .summary = "mean absolute error of a regression",
            .unit = "unit of the target",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .regression = true,
            .minimum_classes = 0,
            .reference =
                "Hyndman and Koehler, Another look at measures of forecast accuracy, Int. J. Forecasting 22, 2006",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_answers(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) { return std::abs(error_of_row(input.outcomes, row)); });
    }
};

}  // namespace

const Metric& mae_metric() {
    static const MeanAbsoluteError metric;
    return metric;
}

}  // namespace misfire
