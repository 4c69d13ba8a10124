#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class Top5 : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "top5",
            .summary =
                "share of samples whose target is among the five largest outputs; undefined below six classes and when "
                "a label is "
                "missing; an output that is not finite is wrong",
            .unit = "fraction",
            .direction = Direction::higher_is_better,
            .breaking = BreakingRule::half_way_to_chance,
            .interval = Interval::wilson,
            .minimum_classes = 6,
            .reference = "Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge, IJCV 2015",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_labels(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) { return input.outcomes.target_rank[row] < 5 ? 1.0 : 0.0; });
    }
    double chance(std::int64_t classes) const override { return 5.0 / static_cast<double>(classes); }
};

}  // namespace

const Metric& top5_metric() {
    static const Top5 metric;
    return metric;
}

}  // namespace misfire
