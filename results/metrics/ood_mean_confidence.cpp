#include <algorithm>
#include <limits>

#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class OodMeanConfidence : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "ood_mean_confidence",
            .summary =
                "mean of the largest probability over the out-of-distribution samples, to which no answer is "
                "right: how sure the model is of what it cannot know",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .interval = Interval::bootstrap,
            .over_ood = true,
            .reference = "Hendrycks and Gimpel, ICLR 2017",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override {
        const bool any = std::any_of(input.rows.begin(), input.rows.end(),
                                     [&](std::uint32_t row) { return input.outcomes.is_ood(row); });
        return any ? because_of_missing_probabilities(input) : "no out-of-distribution samples";
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override;
};

class MeanOfOod : public Statistic {
  public:
    explicit MeanOfOod(const MetricInput& input) {
        for (const std::uint32_t row : input.rows) {
            confidence_.push_back(static_cast<double>(input.outcomes.confidence[row]));
            counts_.push_back(input.outcomes.is_ood(row) ? 1 : 0);
        }
    }
    double value(std::span<const std::int32_t> weights) const override {
        double sum = 0.0;
        std::int64_t count = 0;
        for (std::size_t i = 0; i < confidence_.size(); ++i) {
            if (counts_[i] == 0) continue;
            sum += weights[i] * confidence_[i];
            count += weights[i];
        }
        return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
    }

  private:
    std::vector<double> confidence_;
    std::vector<std::int8_t> counts_;
};

std::unique_ptr<Statistic> OodMeanConfidence::over(const MetricInput& input) const {
    return std::make_unique<MeanOfOod>(input);
}

}  // namespace

const Metric& ood_mean_confidence_metric() {
    static const OodMeanConfidence metric;
    return metric;
}

}  // namespace misfire
