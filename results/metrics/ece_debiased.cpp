#include <cmath>
#include <numbers>

#include "results/metrics/calibration_bins.h"
#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

// E|X| for X normal with this mean and deviation: the folded normal distribution (Leone, Nelson and Nottingham,
// Technometrics 3, 1961).
double folded_normal_mean(double mean, double deviation) {
    if (deviation == 0.0) return std::abs(mean);
    const double z = mean / deviation;
    return deviation * std::sqrt(2.0 / std::numbers::pi) * std::exp(-0.5 * z * z) +
           mean * std::erf(z / std::numbers::sqrt2);
}

// Kumar, Liang and Ma draw the bins' accuracies from normals around the measured ones and subtract the mean excess; the
// mean of |normal| is known, so nothing is drawn here: 2 sum_b w_b |gap_b| - sum_b w_b E|N(gap_b, acc_b (1 - acc_b) /
// n_b)|.
class DebiasedCalibrationError : public Statistic {
  public:
    explicit DebiasedCalibrationError(const MetricInput& input) : binned_(input) {}
    double value(std::span<const std::int32_t> weights) const override {
        double sum = 0.0;
        std::int64_t count = 0;
        for (const auto& bin : binned_.bins(weights)) {
            if (bin.count == 0) continue;
            const double n = static_cast<double>(bin.count);
            const double accuracy = static_cast<double>(bin.hits) / n;
            const double gap = accuracy - bin.confidence_sum / n;
            const double deviation = std::sqrt(accuracy * (1.0 - accuracy) / n);
            sum += n * (2.0 * std::abs(gap) - folded_normal_mean(gap, deviation));
            count += bin.count;
        }
        return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
    }

  private:
    BinnedConfidence binned_;
};

class DebiasedExpectedCalibrationError : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "ece_debiased",
            .summary =
                "ece less its expected excess from sampling noise within the bins (l1, 15 equal-width bins); may fall "
                "slightly below 0 for a calibrated model; undefined when an output is not finite or a label is missing",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::twice_reference,
            .interval = Interval::bootstrap,
            .reference = "Kumar, Liang and Ma, Verified uncertainty calibration, NeurIPS 2019",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override { return because_of_missing_loss(input); }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<DebiasedCalibrationError>(input);
    }
};

}  // namespace

const Metric& ece_debiased_metric() {
    static const DebiasedExpectedCalibrationError metric;
    return metric;
}

}  // namespace misfire
