#include "results/metrics/calibration_bins.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class CalibrationError : public Statistic {
  public:
    explicit CalibrationError(const MetricInput& input) : binned_(input) {}
    double value(std::span<const std::int32_t> weights) const override {
        double sum = 0.0;
        std::int64_t count = 0;
        for (const auto& bin : binned_.bins(weights)) {
            sum += std::abs(static_cast<double>(bin.hits) - bin.confidence_sum);
            count += bin.count;
        }
        return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
    }

  private:
    BinnedConfidence binned_;
};

class ExpectedCalibrationError : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "ece",
            .summary =
                "expected calibration error: mean gap between confidence and accuracy over 15 equal-width bins of the "
                "top-label confidence; biased upwards for few samples (see ece_debiased); undefined when an output is "
                "not finite or a label is missing",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .reference = "Guo et al., On calibration of modern neural networks, ICML 2017",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_loss(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<CalibrationError>(input);
    }
};

}  // namespace

const Metric& ece_metric() {
    static const ExpectedCalibrationError metric;
    return metric;
}

}  // namespace misfire
