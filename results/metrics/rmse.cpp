#include "results/metrics/errors_of_rows.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class RootMeanSquaredError : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "rmse",
            .summary = "root of the mean squared error of a regression",
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
        return std::make_unique<Root>(
            mean_of_rows(input, [&](std::uint32_t row) { return std::pow(error_of_row(input.outcomes, row), 2); }));
    }

  private:
    class Root : public Statistic {
      public:
        explicit Root(std::unique_ptr<Statistic> mean) : mean_(std::move(mean)) {}
        double value(std::span<const std::int32_t> weights) const override { return std::sqrt(mean_->value(weights)); }

      private:
        std::unique_ptr<Statistic> mean_;
    };
};

}  // namespace

const Metric& rmse_metric() {
    static const RootMeanSquaredError metric;
    return metric;
}

}  // namespace misfire
