#include "results/monitors/isotonic_regression.h"
#include "results/monitors/validation.h"

namespace misfire::monitors {

namespace {

MonitorInfo cbpe_info() {
    return {
        .name = "cbpe",
        .summary = "estimates accuracy by confidences that were calibrated on validation data",
        .kind = MonitorKind::estimate,
        .input = MonitorInput::probabilities,
        .reference = MonitorReference::required,
        .warns = false,
        .parameters = {number("band", "width of the band in sampling errors of an accuracy, to either side", "3", 0)},
        .guarantee =
            "right in the mean where the chance of each class given the model's outputs is that of the "
            "validation data (no concept shift)",
        .source =
            "NannyML, confidence-based performance estimation: isotonic calibration of each class against the rest"};
}

class Cbpe : public AccuracyEstimator {
  public:
    explicit Cbpe(const MonitorSettings& settings) : band_(settings.number("band")) {}

    void fit(const MonitorRows& probabilities, std::span<const std::int32_t> labels) override {
        check_validation(probabilities, labels, "cbpe");
        calibrations_.assign(probabilities.columns, {});
        const Columns columns(probabilities, false);
        for (std::size_t c = 0; c < probabilities.columns; ++c) {
            std::vector<double> of_class;
            for (const std::int32_t label : labels)
                of_class.push_back(static_cast<std::size_t>(label) == c ? 1.0 : 0.0);
            calibrations_[c].fit(columns.at(c), of_class);
        }
        const double share = accuracy(probabilities, labels);
        deviation_ = std::sqrt(share * (1.0 - share));
    }

    EstimatedAccuracy estimate(const MonitorRows& probabilities) const override {
        if (calibrations_.empty()) refuse_unfitted("cbpe");
        check_probabilities(probabilities, "cbpe", "current sample", calibrations_.size());
        double expected = 0.0;  // correct answers
        for (std::size_t r = 0; r < probabilities.rows; ++r) expected += calibrated(probabilities.row(r));
        const auto n = static_cast<double>(probabilities.rows);
        EstimatedAccuracy out;
        out.value = expected / n;
        out.low = std::max(0.0, out.value - band_ * deviation_ / std::sqrt(n));
        out.high = std::min(1.0, out.value + band_ * deviation_ / std::sqrt(n));
        return out;
    }

  private:
    // Calibrated probability of the predicted class; the classes share out 1 among them.
    double calibrated(std::span<const double> row) const {
        const std::size_t label = prediction_of(row).label;
        double sum = 0.0;
        double own = 0.0;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const double p = calibrations_[c].at(row[c]);
            sum += p;
            if (c == label) own = p;
        }
        return sum > 0.0 ? own / sum : 1.0 / static_cast<double>(row.size());
    }

    double band_;
    double deviation_ = 0.0;  // of one answer being correct, on the validation data
    std::vector<IsotonicRegression> calibrations_;
};

std::unique_ptr<AccuracyEstimator> make(const MonitorSettings& settings) { return std::make_unique<Cbpe>(settings); }

}  // namespace

const MonitorEntry& cbpe() {
    static const MonitorEntry entry{cbpe_info(), nullptr, nullptr, make};
    return entry;
}

}  // namespace misfire::monitors
