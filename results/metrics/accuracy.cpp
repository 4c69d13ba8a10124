#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class Accuracy : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "accuracy",
            .summary =
                "share of samples whose predicted class is the target; an output that is not finite is wrong; "
                "undefined when a label is missing",
            .unit = "fraction",
            .direction = Direction::higher_is_better,
            .breaking = BreakingRule::half_way_to_chance,
            .interval = Interval::wilson,
            .of_correctness = true,
            .reference = "",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_labels(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) { return input.outcomes.correct(row) ? 1.0 : 0.0; });
    }
    double chance(std::int64_t classes) const override { return 1.0 / static_cast<double>(classes); }
};

}  // namespace

const Metric& accuracy_metric() {
    static const Accuracy metric;
    return metric;
}

}  // namespace misfire
