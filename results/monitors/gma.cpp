#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo gma_info() {
    return {.name = "gma",
            .summary = "geometric moving average of the deviation from the running mean",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::value,
            .reference = MonitorReference::none,
            .warns = false,
            .parameters = {number("alpha", "weight of the past", "0.99", 0, 1),
                           between("threshold", "average that alarms, in units of the values", "1", 0),
                           whole("min", "values before the first test", "30", 1), reset_parameter()},
            .guarantee = "",
            .source =
                "Roberts, Control chart tests based on geometric moving averages, Technometrics 1, 1959; frouros "
                "GeometricMovingAverage"};
}

class Gma {
  public:
    explicit Gma(const MonitorSettings& settings)
        : alpha_(settings.number("alpha")), threshold_(settings.number("threshold")), min_(settings.number("min")) {}

    void reset() { n_ = mean_ = average_ = 0.0; }

    Signal update(double x) {
        n_ += 1.0;
        mean_ += (x - mean_) / n_;
        average_ = alpha_ * average_ + (1.0 - alpha_) * (x - mean_);
        return signal_of(n_ >= min_ && average_ > threshold_, false);
    }

  private:
    double alpha_, threshold_, min_;
    double n_ = 0.0;
    double mean_ = 0.0;
    double average_ = 0.0;
};

}  // namespace

const MonitorEntry& gma() {
    static const MonitorEntry entry{gma_info(), make_stream<Gma>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
