#include <algorithm>

#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class WorstGroup : public Statistic {
  public:
    explicit WorstGroup(const MetricInput& input)
        : correct_(input.rows.size()),
          groups_(input.groups.begin(), input.groups.end()),
          group_count_(input.group_count) {
        for (std::size_t i = 0; i < correct_.size(); ++i) correct_[i] = input.outcomes.correct(input.rows[i]) ? 1 : 0;
    }
    double value(std::span<const std::int32_t> weights) const override {
        std::vector<std::int64_t> hits(group_count_, 0), count(group_count_, 0);
        for (std::size_t i = 0; i < correct_.size(); ++i) {
            count[groups_[i]] += weights[i];
            hits[groups_[i]] += weights[i] * correct_[i];
        }
        double worst = std::numeric_limits<double>::infinity();
        for (std::size_t g = 0; g < group_count_; ++g) {
            if (count[g] > 0) worst = std::min(worst, static_cast<double>(hits[g]) / static_cast<double>(count[g]));
        }
        return std::isfinite(worst) ? worst : std::numeric_limits<double>::quiet_NaN();
    }

  private:
    std::vector<std::int32_t> correct_;
    std::vector<std::uint32_t> groups_;
    std::size_t group_count_;
};

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
        return std::make_unique<WorstGroup>(input);
    }
    double chance(std::int64_t classes) const override { return 1.0 / static_cast<double>(classes); }
};

}  // namespace

const Metric& worst_group_accuracy_metric() {
    static const WorstGroupAccuracy metric;
    return metric;
}

}  // namespace misfire
