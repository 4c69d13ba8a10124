#include "results/metrics/errors_of_rows.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class MeanAbsolutePercentageError : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "mape",
            .summary = "mean absolute error as a share of the truth, in percent; undefined where the truth is 0",
            .unit = "%",
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
    std::string undefined_because(const MetricInput& input) const override {
        std::string why = because_of_missing_answers(input);
        if (!why.empty()) return why;
        std::size_t zeros = 0;
        for (const std::uint32_t row : input.rows) zeros += input.outcomes.kept.at(actual_column)[row] == 0.0F ? 1 : 0;
        return zeros == 0 ? "" : std::to_string(zeros) + " true values are 0: take mae";
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) {
            return 100.0 * std::abs(error_of_row(input.outcomes, row) /
                                    static_cast<double>(input.outcomes.kept.at(actual_column)[row]));
        });
    }
};

}  // namespace

const Metric& mape_metric() {
    static const MeanAbsolutePercentageError metric;
    return metric;
}

}  // namespace misfire
