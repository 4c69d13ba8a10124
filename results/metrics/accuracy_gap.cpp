#include "results/metrics/mean_of_rows.h"
#include "results/metrics/over_groups.h"

namespace misfire {
namespace {

class AccuracyGap : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "accuracy_gap",
            .summary =
                "accuracy of the best group minus that of the worst, among the groups of all attributes; undefined "
                "without groups; an output that is not finite is wrong; undefined when a label is missing",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::none,
            .interval = Interval::bootstrap,
            .over_groups = true,
            .reference = "Buolamwini and Gebru, Gender Shades, FAT* 2018",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_labels(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return over_groups(
            input, [&](std::uint32_t row) { return input.outcomes.correct(row) ? 1 : 0; }, gap_of);
    }
};

}  // namespace

const Metric& accuracy_gap_metric() {
    static const AccuracyGap metric;
    return metric;
}

}  // namespace misfire
