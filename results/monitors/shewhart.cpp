#include "results/monitors/frozen_reference.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo shewhart_info() {
    return {.name = "shewhart",
            .summary = "a single value outside the control limits",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::value,
            .reference = MonitorReference::optional,
            .warns = false,
            .parameters = {between("k", "width of the limits in standard deviations of the reference", "3", 0),
                           whole("min", "values that make the reference where none was fitted", "30", 2),
                           mode_parameter(), reset_parameter()},
            .guarantee = "with k = 3 and normal values, one false alarm in 370 values",
            .source = "Shewhart, Economic control of quality of manufactured product, 1931; river.drift.Shewhart"};
}

class Shewhart {
  public:
    explicit Shewhart(const MonitorSettings& settings)
        : k_(settings.number("k")),
          up_(settings.word("mode") != "down"),
          down_(settings.word("mode") != "up"),
          reference_(settings.number("min")) {}

    void fit(std::span<const double> reference) { reference_.fit(reference); }
    void reset() { reference_.reset(); }

    Signal update(double x) {
        if (!reference_.add(x)) return Signal::none;
        const double deviation = x - reference_.mean();
        const double limit = k_ * reference_.deviation();
        return signal_of((up_ && deviation > limit) || (down_ && -deviation > limit), false);
    }

  private:
    double k_;
    bool up_, down_;
    FrozenReference reference_;
};

}  // namespace

const MonitorEntry& shewhart() {
    static const MonitorEntry entry{shewhart_info(), make_stream<Shewhart>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
