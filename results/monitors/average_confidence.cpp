#include "results/monitors/validation.h"

namespace misfire::monitors {

namespace {

MonitorInfo average_confidence_info() {
    return {.name = "average_confidence",
            .summary = "estimates accuracy by the mean confidence",
            .kind = MonitorKind::estimate,
            .input = MonitorInput::probabilities,
            .reference = MonitorReference::optional,
            .warns = false,
            .parameters = {},
            .guarantee = "right in the mean where the model is calibrated on the shifted data, which it seldom is",
            .source = "Hendrycks and Gimpel, ICLR 2017; Guillory and others, ICCV 2021 (AC)"};
}

class AverageConfidence : public AccuracyEstimator {
  public:
    // Validation data have nothing to add; they are checked all the same.
    void fit(const MonitorRows& probabilities, std::span<const std::int32_t> labels) override {
        check_validation(probabilities, labels, "average_confidence");
    }
    EstimatedAccuracy estimate(const MonitorRows& probabilities) const override {
        check_probabilities(probabilities, "average_confidence", "current sample");
        EstimatedAccuracy out;
        out.value = mean_confidence(probabilities);
        return out;
    }
};

std::unique_ptr<AccuracyEstimator> make(const MonitorSettings&) { return std::make_unique<AverageConfidence>(); }

}  // namespace

const MonitorEntry& average_confidence() {
    static const MonitorEntry entry{average_confidence_info(), nullptr, nullptr, make};
    return entry;
}

}  // namespace misfire::monitors
