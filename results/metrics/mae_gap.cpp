#include "results/metrics/errors_of_rows.h"
#include "results/metrics/over_groups.h"

namespace misfire {
namespace {

class MeanAbsoluteErrorGap : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "mae_gap",
            .summary =
                "mean absolute error of the worst group minus that of the best, among the groups of all attributes; "
                "undefined without groups",
            .unit = "unit of the target",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::none,
            .interval = Interval::bootstrap,
            .regression = true,
            .over_groups = true,
            .minimum_classes = 0,
            .reference = "difference of the groups' mae",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_answers(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return over_groups(
            input, [&](std::uint32_t row) { return std::abs(error_of_row(input.outcomes, row)); }, gap_of);
    }
};

}  // namespace

const Metric& mae_gap_metric() {
    static const MeanAbsoluteErrorGap metric;
    return metric;
}

}  // namespace misfire
