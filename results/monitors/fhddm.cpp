#include "results/monitors/ring.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo fhddm_info() {
    return {.name = "fhddm",
            .summary = "accuracy of a sliding window against its best so far by Hoeffding's bound",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::correct,
            .reference = MonitorReference::none,
            .warns = false,
            .parameters = {whole("window", "values in the sliding window", "100", 2, 1e6),
                           between("delta", "confidence of an alarm", "0.000001", 0, 1), reset_parameter()},
            .guarantee = "each comparison errs with at most delta; over a stream there are many",
            .source =
                "Pesaranghader and Viktor, Fast Hoeffding drift detection method for evolving data streams, ECML-PKDD "
                "2016; river.drift.binary.FHDDM, which counts 1 as correct"};
}

class Fhddm {
  public:
    explicit Fhddm(const MonitorSettings& settings)
        : window_(settings.whole("window")),
          limit_(std::sqrt(std::log(1.0 / settings.number("delta")) / (2.0 * settings.number("window")))) {}

    void reset() {
        window_.clear();
        correct_ = best_ = 0.0;
    }

    Signal update(double x) {
        if (window_.full()) correct_ -= window_.oldest();
        window_.push(static_cast<std::uint8_t>(x));
        correct_ += x;
        if (!window_.full()) return Signal::none;
        const double share = correct_ / static_cast<double>(window_.size());
        best_ = std::max(best_, share);
        return signal_of(best_ - share > limit_, false);
    }

  private:
    Ring<std::uint8_t> window_;
    double limit_;
    double correct_ = 0.0;
    double best_ = 0.0;
};

}  // namespace

const MonitorEntry& fhddm() {
    static const MonitorEntry entry{fhddm_info(), make_stream<Fhddm>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
