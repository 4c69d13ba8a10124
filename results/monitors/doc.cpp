#include "results/monitors/validation.h"

namespace misfire::monitors {

namespace {

MonitorInfo doc_info() {
    return {.name = "doc",
            .summary = "estimates accuracy by the validation accuracy less the loss of mean confidence",
            .kind = MonitorKind::estimate,
            .input = MonitorInput::probabilities,
            .reference = MonitorReference::required,
            .warns = false,
            .parameters = {},
            .guarantee = "",
            .source =
                "Guillory and others, Predicting with confidence on unseen distributions, ICCV 2021 (difference of "
                "confidences)"};
}

class Doc : public AccuracyEstimator {
  public:
    void fit(const MonitorRows& probabilities, std::span<const std::int32_t> labels) override {
        check_validation(probabilities, labels, "doc");
        classes_ = probabilities.columns;
        offset_ = accuracy(probabilities, labels) - mean_confidence(probabilities);
    }
    EstimatedAccuracy estimate(const MonitorRows& probabilities) const override {
        if (classes_ == 0) refuse_unfitted("doc");
        check_probabilities(probabilities, "doc", "current sample", classes_);
        EstimatedAccuracy out;
        out.value = std::clamp(mean_confidence(probabilities) + offset_, 0.0, 1.0);
        return out;
    }

  private:
    std::size_t classes_ = 0;
    double offset_ = 0.0;
};

std::unique_ptr<AccuracyEstimator> make(const MonitorSettings&) { return std::make_unique<Doc>(); }

}  // namespace

const MonitorEntry& doc() {
    static const MonitorEntry entry{doc_info(), nullptr, nullptr, make};
    return entry;
}

}  // namespace misfire::monitors
