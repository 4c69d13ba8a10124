#include "results/monitors/ring.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo wstd_info() {
    return {.name = "wstd",
            .summary = "errors of the last values against older ones, Wilcoxon's rank sum test",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::error,
            .reference = MonitorReference::none,
            .warns = true,
            .parameters = {whole("window", "values that count as recent", "30", 2, 1e6),
                           whole("older", "values before them that are kept", "120", 2, 1e6),
                           whole("min", "older values before the first test", "30", 2, 1e6),
                           between("drift", "p-value below which it alarms", "0.003", 0, 1),
                           between("warning", "p-value below which it warns", "0.05", 0, 1), reset_parameter()},
            .guarantee =
                "the p-values are those of a normal approximation without correction for ties, which errors are full "
                "of: too large",
            .source =
                "Barros, Hidalgo, Cabral, Wilcoxon rank sum test drift detector, Neurocomputing 275, 2018; "
                "river.drift.binary.WSTD"};
}

class Wstd {
  public:
    explicit Wstd(const MonitorSettings& settings)
        : min_(settings.whole("min")),
          drift_(settings.number("drift")),
          warning_(settings.number("warning")),
          recent_(settings.whole("window")),
          older_(settings.whole("older")) {
        require_order(wstd_info(), settings, "drift", "warning");
        require_order(wstd_info(), settings, "min", "older");
    }

    void reset() {
        recent_.clear();
        older_.clear();
        recent_errors_ = older_errors_ = 0.0;
    }

    Signal update(double x) {
        if (recent_.full()) {
            const std::uint8_t leaving = recent_.oldest();
            if (older_.full()) older_errors_ -= older_.oldest();
            older_.push(leaving);
            older_errors_ += leaving;
            recent_errors_ -= leaving;
        }
        recent_.push(static_cast<std::uint8_t>(x));
        recent_errors_ += x;
        if (!recent_.full() || older_.size() < min_) return Signal::none;
        const double p = p_value();
        return signal_of(p < drift_, p < warning_);
    }

  private:
    double p_value() const {
        const auto recent = static_cast<double>(recent_.size());
        const auto older = static_cast<double>(older_.size());
        const double n = recent + older;
        const double ones = recent_errors_ + older_errors_;
        const double zeros = n - ones;
        const double rank_of_zero = (zeros + 1.0) / 2.0;
        const double rank_of_one = zeros + (ones + 1.0) / 2.0;
        const double of_recent = (recent - recent_errors_) * rank_of_zero + recent_errors_ * rank_of_one;
        const double of_older = (older - older_errors_) * rank_of_zero + older_errors_ * rank_of_one;
        const double sum = recent < older ? of_recent : older < recent ? of_older : std::min(of_recent, of_older);
        const double mean = std::min(recent, older) * (n + 1.0) / 2.0;
        const double deviation = std::sqrt(recent * older * (n + 1.0) / 12.0);
        return std::erfc(std::abs(sum - mean) / deviation / std::sqrt(2.0));
    }

    std::size_t min_;
    double drift_, warning_;
    Ring<std::uint8_t> recent_, older_;
    double recent_errors_ = 0.0;
    double older_errors_ = 0.0;
};

}  // namespace

const MonitorEntry& wstd() {
    static const MonitorEntry entry{wstd_info(), make_stream<Wstd>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
