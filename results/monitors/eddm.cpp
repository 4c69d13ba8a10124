#include "results/monitors/running_moments.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo eddm_info() {
    return {
        .name = "eddm",
        .summary = "distance between errors against its largest value so far",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::error,
        .reference = MonitorReference::none,
        .warns = true,
        .parameters = {whole("min", "errors before the first test; as many values before a maximum is kept", "30", 1),
                       number("warning", "ratio to the maximum below which it warns", "0.95", 0, 1),
                       number("drift", "ratio to the maximum below which it alarms", "0.9", 0, 1),
                       word("ddof",
                            "the variance of the distances is divided by errors - ddof: 1 present river, 0 older "
                            "river, MOA, frouros",
                            "1", {"0", "1"}),
                       reset_parameter()},
        .guarantee = "",
        .source = "Baena-Garcia and others, Early drift detection method, 2006; river.drift.binary.EDDM"};
}

class Eddm {
  public:
    explicit Eddm(const MonitorSettings& settings)
        : min_(settings.number("min")),
          warning_(settings.number("warning")),
          drift_(settings.number("drift")),
          ddof_(settings.word("ddof") == "1" ? 1.0 : 0.0) {
        require_order(eddm_info(), settings, "drift", "warning");
    }

    void reset() {
        distances_ = {};
        n_ = last_error_ = 0.0;
        best_ = -1.0;
        warned_ = false;
    }

    // Between errors a warning holds.
    Signal update(double x) {
        n_ += 1.0;
        if (x != 1.0) return signal_of(false, warned_);
        distances_.add(n_ - last_error_);
        last_error_ = n_;
        if (n_ <= min_) return Signal::none;
        const double q = distances_.mean() + 2.0 * std::sqrt(distances_.variance(ddof_));
        if (q > best_) {
            best_ = q;  // a new maximum is never tested
        } else if (distances_.count() > min_) {
            warned_ = q < warning_ * best_;
            return signal_of(q < drift_ * best_, warned_);
        }
        return signal_of(false, warned_);
    }

  private:
    double min_, warning_, drift_, ddof_;
    RunningMoments distances_;
    double n_ = 0.0;
    double last_error_ = 0.0;
    double best_ = -1.0;
    bool warned_ = false;
};

}  // namespace

const MonitorEntry& eddm() {
    static const MonitorEntry entry{eddm_info(), make_stream<Eddm>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
