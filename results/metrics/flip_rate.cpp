#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class FlipRate : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "flip_rate",
            .summary =
                "share of samples whose predicted class differs from the reference level's; an output that is not "
                "finite differs from every class; needs no labels",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::half_way_to_chance,  // the reference value is 0: twice that would say nothing
            .interval = Interval::wilson,
            .pairs = true,
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019 (flip probability)",
        };
        return info;
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return mean_of_rows(input, [&](std::uint32_t row) {
            return input.outcomes.prediction[row] != input.reference->prediction[row] ? 1.0 : 0.0;
        });
    }
    // A uniform guess against any fixed answer.
    double chance(std::int64_t classes) const override { return 1.0 - 1.0 / static_cast<double>(classes); }
};

}  // namespace

const Metric& flip_rate_metric() {
    static const FlipRate metric;
    return metric;
}

}  // namespace misfire
