#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo hddm_w_info() {
    return {
        .name = "hddm_w",
        .summary = "exponentially weighted means on both sides of the best cut point by McDiarmid's bound",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::share,
        .reference = MonitorReference::none,
        .warns = true,
        .parameters = {between("drift", "confidence of an alarm", "0.001", 0, 1),
                       between("warning", "confidence of a warning", "0.005", 0, 1),
                       between("lambda", "weight of the newest value", "0.05", 0, 1),
                       word("sides",
                            "one: the mean rises; two: it falls, too (older river never saw falls: one is what it did)",
                            "one", {"one", "two"}),
                       reset_parameter()},
        .guarantee = "each comparison of two means errs with at most its confidence; over a stream there are many",
        .source =
            "Frias-Blanco and others, Online and non-parametric drift detection methods based on Hoeffding's "
            "bounds, IEEE TKDE 27, 2015; river.drift.binary.HDDM_W"};
}

constexpr double infinity = std::numeric_limits<double>::infinity();

class HddmW {
  public:
    explicit HddmW(const MonitorSettings& settings)
        : lambda_(settings.number("lambda")),
          drift_(0.5 * std::log(1.0 / settings.number("drift"))),
          warning_(0.5 * std::log(1.0 / settings.number("warning"))),
          two_sided_(settings.word("sides") == "two") {
        require_order(hddm_w_info(), settings, "drift", "warning");
    }

    void reset() {
        all_ = {};
        rise_ = {{}, {}, infinity};
        fall_ = {{}, {}, -infinity};
    }

    Signal update(double x) {
        add(all_, x);
        const double bound = std::sqrt(all_.bound * drift_);
        advance(rise_, all_.mean + bound < rise_.cut, all_.mean + bound, x);
        if (!two_sided_) return signal_of(rises(drift_), rises(warning_));
        advance(fall_, all_.mean - bound > fall_.cut, all_.mean - bound, x);
        return signal_of(rises(drift_) || falls(drift_), rises(warning_) || falls(warning_));
    }

  private:
    struct Sample {
        double mean = 0.0;
        double bound = 1.0;  // of independent values: lambda^2 + (1 - lambda)^2 times the one before
        bool any = false;
    };
    struct Cut {
        Sample before, after;
        double cut;
    };

    void add(Sample& sample, double x) const {
        sample.mean = sample.any ? lambda_ * x + (1.0 - lambda_) * sample.mean : x;
        sample.any = true;
        sample.bound = lambda_ * lambda_ + (1.0 - lambda_) * (1.0 - lambda_) * sample.bound;
    }

    void advance(Cut& cut, bool better, double value, double x) const {
        if (better)
            cut = {all_, {}, value};
        else
            add(cut.after, x);
    }

    // Whether `high` lies above `low` by more than chance.
    static bool apart(const Sample& low, const Sample& high, double half_log) {
        const double difference = high.mean - low.mean;
        return low.any && high.any && difference > 0.0 && difference * difference > (low.bound + high.bound) * half_log;
    }
    bool rises(double half_log) const { return apart(rise_.before, rise_.after, half_log); }
    bool falls(double half_log) const { return apart(fall_.after, fall_.before, half_log); }

    double lambda_, drift_, warning_;
    bool two_sided_;
    Sample all_;
    Cut rise_{{}, {}, infinity};
    Cut fall_{{}, {}, -infinity};
};

}  // namespace

const MonitorEntry& hddm_w() {
    static const MonitorEntry entry{hddm_w_info(), make_stream<HddmW>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
