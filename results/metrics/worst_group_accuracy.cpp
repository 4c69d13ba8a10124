#include "results/metrics/mean_of_rows.h"
#include "results/metrics/over_groups.h"

namespace misfire {
namespace {

class WorstGroupAccuracy : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "worst_group_accuracy",
            .summary =
                "lowest accuracy among the groups of all attributes; undefined without groups; an output that is not "
                "finite is wrong; undefined when a label is missing",
            .unit = "fraction",
            .direction = Direction::higher_is_better,
            .breaking = BreakingRule::half_way_to_chance,
            .interval = Interval::bootstrap,
            .over_groups = true,
            .of_correctness = true,
            .reference = "Sagawa et al., Distributionally robust neural networks for group shifts, ICLR 2020",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_labels(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return over_groups(
            input, [&](std::uint32_t row) { return input.outcomes.correct(row) ? 1 : 0; },
            [](const ExtremeGroups& groups) { return groups.lowest; });
    }
    double chance(std::int64_t classes) const override { return 1.0 / static_cast<double>(classes); }
};

}  // namespace

const Metric& worst_group_accuracy_metric() {
    static const WorstGroupAccuracy metric;
    return metric;
}

}  // namespace misfire
