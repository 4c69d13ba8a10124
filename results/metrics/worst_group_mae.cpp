#include "results/metrics/errors_of_rows.h"
#include "results/metrics/over_groups.h"

namespace misfire {
namespace {

class WorstGroupMeanAbsoluteError : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "worst_group_mae",
            .summary = "highest mean absolute error among the groups of all attributes; undefined without groups",
            .unit = "unit of the target",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .regression = true,
            .over_groups = true,
            .minimum_classes = 0,
            .reference = "Sagawa et al., Distributionally robust neural networks for group shifts, ICLR 2020",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_answers(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return over_groups(
            input, [&](std::uint32_t row) { return std::abs(error_of_row(input.outcomes, row)); },
            [](const ExtremeGroups& groups) { return groups.highest; });
    }
};

}  // namespace

const Metric& worst_group_mae_metric() {
    static const WorstGroupMeanAbsoluteError metric;
    return metric;
}

}  // namespace misfire
