#include "results/monitors/ring.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo stepd_info() {
    return {.name = "stepd",
            .summary = "accuracy of the last values against all older ones, test of equal proportions",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::correct,
            .reference = MonitorReference::none,
            .warns = true,
            .parameters = {whole("window", "values that count as recent; as many older ones before the first test",
                                 "30", 2, 1e6),
                           between("drift", "p-value below which it alarms (one tail; MOA takes two: give half)",
                                   "0.003", 0, 1),
                           between("warning", "p-value below which it warns", "0.05", 0, 1), reset_parameter()},
            .guarantee =
                "one comparison of unchanged data alarms with probability of about twice `drift`, since a rise of "
                "accuracy alarms, too; over a stream there are many comparisons",
            .source =
                "Nishida and Yamauchi, Detecting concept drift using statistical testing, Discovery Science 2007; "
                "frouros STEPD"};
}

class Stepd {
  public:
    explicit Stepd(const MonitorSettings& settings)
        : drift_(settings.number("drift")), warning_(settings.number("warning")), recent_(settings.whole("window")) {
        require_order(stepd_info(), settings, "drift", "warning");
    }

    void reset() {
        recent_.clear();
        older_n_ = older_correct_ = recent_correct_ = 0.0;
    }

    Signal update(double x) {
        if (recent_.full()) {
            const double leaving = recent_.oldest();
            recent_correct_ -= leaving;
            older_correct_ += leaving;
            older_n_ += 1.0;
        }
        recent_.push(static_cast<std::uint8_t>(x));
        recent_correct_ += x;
        const auto n = static_cast<double>(recent_.size());
        if (!recent_.full() || older_n_ < n) return Signal::none;
        const double p = (older_correct_ + recent_correct_) / (older_n_ + n);
        if (p <= 0.0 || p >= 1.0) return Signal::none;
        const double parts = 1.0 / older_n_ + 1.0 / n;
        const double distance = std::abs(older_correct_ / older_n_ - recent_correct_ / n) - 0.5 * parts;
        const double t = distance / std::sqrt(p * (1.0 - p) * parts);
        const double p_value = 0.5 * std::erfc(std::abs(t) / std::sqrt(2.0));
        return signal_of(p_value < drift_, p_value < warning_);
    }

  private:
    double drift_, warning_;
    Ring<std::uint8_t> recent_;
    double recent_correct_ = 0.0;
    double older_n_ = 0.0;
    double older_correct_ = 0.0;
};

}  // namespace

const MonitorEntry& stepd() {
    static const MonitorEntry entry{stepd_info(), make_stream<Stepd>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
