#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo hddm_a_info() {
    return {.name = "hddm_a",
            .summary = "mean against its best cut point by Hoeffding's bound",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::share,
            .reference = MonitorReference::none,
            .warns = true,
            .parameters = {between("drift", "confidence of an alarm", "0.001", 0, 1),
                           between("warning", "confidence of a warning", "0.005", 0, 1),
                           word("sides", "one: the mean rises; two: it falls, too", "one", {"one", "two"}),
                           word("c", "the test compares with ln(c / confidence): 2 river and MOA, 1 frouros", "2",
                                {"1", "2"}),
                           reset_parameter()},
            .guarantee = "each comparison of two means errs with at most its confidence; over a stream there are many",
            .source =
                "Frias-Blanco and others, Online and non-parametric drift detection methods based on Hoeffding's "
                "bounds, IEEE TKDE 27, 2015; river.drift.binary.HDDM_A"};
}

class HddmA {
  public:
    explicit HddmA(const MonitorSettings& settings)
        : cut_(0.5 * std::log(1.0 / settings.number("drift"))),
          drift_(0.5 * std::log((settings.word("c") == "2" ? 2.0 : 1.0) / settings.number("drift"))),
          warning_(0.5 * std::log((settings.word("c") == "2" ? 2.0 : 1.0) / settings.number("warning"))),
          two_sided_(settings.word("sides") == "two") {
        require_order(hddm_a_info(), settings, "drift", "warning");
    }

    void reset() { all_ = lowest_ = highest_ = {}; }

    Signal update(double x) {
        all_.n += 1.0;
        all_.mean += (x - all_.mean) / all_.n;
        all_.bound = std::sqrt(cut_ / all_.n);
        if (lowest_.n == 0.0) lowest_ = highest_ = all_;
        if (lowest_.mean + lowest_.bound >= all_.mean + all_.bound) lowest_ = all_;
        if (highest_.mean - highest_.bound <= all_.mean - all_.bound) highest_ = all_;
        const double rise = signed_square(all_.mean - lowest_.mean);
        const double fall = two_sided_ ? signed_square(highest_.mean - all_.mean) : -1.0;
        return signal_of(beyond(rise, lowest_, drift_) || beyond(fall, highest_, drift_),
                         beyond(rise, lowest_, warning_) || beyond(fall, highest_, warning_));
    }

  private:
    struct Sample {
        double n = 0.0;
        double mean = 0.0;
        double bound = 0.0;
    };

    static double signed_square(double difference) { return difference < 0.0 ? -1.0 : difference * difference; }

    // difference >= sqrt((n - k) / (2 k n) ln(c / a)), squared.
    bool beyond(double square, const Sample& cut, double half_log) const {
        return cut.n != all_.n && square >= (all_.n - cut.n) / (cut.n * all_.n) * half_log;
    }

    double cut_, drift_, warning_;
    bool two_sided_;
    Sample all_, lowest_, highest_;
};

}  // namespace

const MonitorEntry& hddm_a() {
    static const MonitorEntry entry{hddm_a_info(), make_stream<HddmA>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
