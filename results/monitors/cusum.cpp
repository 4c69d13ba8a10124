#include "results/monitors/frozen_reference.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo cusum_info() {
    return {
        .name = "cusum",
        .summary = "cumulated deviation beyond a slack from a reference mean (tabular CUSUM)",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::value,
        .reference = MonitorReference::optional,
        .warns = false,
        .parameters = {word("form",
                            "river: from mean and standard deviation of the reference, or of the first `min` values; "
                            "frouros: from the running mean",
                            "river", {"river", "frouros"}),
                       only_with("form=river",
                                 number("slack", "deviation that is tolerated, in standard deviations", "0.5", 0)),
                       only_with("form=frouros",
                                 number("delta", "deviation that is tolerated, in units of the values", "0.005", 0)),
                       between(
                           "threshold",
                           "sum that alarms: river in standard deviations (auto: 5), frouros in units of the values "
                           "(auto: 50)",
                           "auto", 0),
                       whole("min", "values before the first test", "30", 2),
                       mode_parameter("auto", {"auto", "up", "down", "both"}), reset_parameter()},
        .guarantee = "with form=river and threshold 5, one false alarm in some hundred values is normal",
        .source = "Page, Continuous inspection schemes, Biometrika 41, 1954; river.drift.CUSUM"};
}

class Cusum {
  public:
    explicit Cusum(const MonitorSettings& settings)
        : river_(settings.word("form") == "river"),
          tolerated_(settings.number(river_ ? "slack" : "delta")),
          threshold_(settings.number("threshold", river_ ? 5.0 : 50.0)),
          min_(settings.number("min")),
          reference_(min_) {
        const std::string& mode = settings.word("mode");
        const bool both = mode == "both" || (mode == "auto" && river_);
        up_ = both || mode != "down";
        down_ = both || mode == "down";
    }

    void fit(std::span<const double> reference) {
        if (!river_)
            throw UsageError(
                "cusum:form=frouros takes no reference: it compares with the running mean. Leave the "
                "reference out, or take form=river.");
        reference_.fit(reference);
    }

    void reset() {
        reference_.reset();
        n_ = mean_ = rise_ = fall_ = 0.0;
    }

    Signal update(double x) { return river_ ? against_reference(x) : against_running_mean(x); }

  private:
    Signal against_reference(double x) {
        if (!reference_.add(x)) return Signal::none;
        const double slack = tolerated_ * reference_.deviation();
        return add(x - reference_.mean(), slack, threshold_ * reference_.deviation());
    }

    Signal against_running_mean(double x) {
        n_ += 1.0;
        mean_ += (x - mean_) / n_;
        const Signal signal = add(x - mean_, tolerated_, threshold_);
        return n_ < min_ ? Signal::none : signal;
    }

    Signal add(double deviation, double slack, double limit) {
        rise_ = std::max(0.0, rise_ + deviation - slack);
        fall_ = std::max(0.0, fall_ - deviation - slack);
        return signal_of((up_ && rise_ > limit) || (down_ && fall_ > limit), false);
    }

    bool river_;
    double tolerated_, threshold_, min_;
    bool up_, down_;
    FrozenReference reference_;
    double n_ = 0.0;
    double mean_ = 0.0;
    double rise_ = 0.0;
    double fall_ = 0.0;
};

}  // namespace

const MonitorEntry& cusum() {
    static const MonitorEntry entry = [] {
        MonitorEntry made{cusum_info(), make_stream<Cusum>, nullptr, nullptr};
        for (MonitorParameter& parameter : made.info.parameters) {
            if (parameter.name == "mode") parameter.meaning += "; auto: both for form=river, up for form=frouros";
        }
        return made;
    }();
    return entry;
}

}  // namespace misfire::monitors
