#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo ddm_info() {
    return {
        .name = "ddm",
        .summary = "error rate against its best value so far, in standard deviations",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::error,
        .reference = MonitorReference::none,
        .warns = true,
        .parameters = {whole("min", "values before the first test", "30", 1),
                       number("warning", "standard deviations above the minimum that warn", "2", 0),
                       number("drift", "standard deviations above the minimum that alarm", "3", 0), reset_parameter()},
        .guarantee = "",
        .source = "Gama, Medas, Castillo, Rodrigues, Learning with drift detection, SBIA 2004; river.drift.binary.DDM"};
}

class Ddm {
  public:
    explicit Ddm(const MonitorSettings& settings)
        : min_(settings.number("min")), warning_(settings.number("warning")), drift_(settings.number("drift")) {
        require_order(ddm_info(), settings, "warning", "drift");
    }

    void reset() { *this = Ddm(min_, warning_, drift_); }

    Signal update(double x) {
        n_ += 1.0;
        p_ += (x - p_) / n_;
        if (n_ <= min_) return Signal::none;
        const double s = std::sqrt(std::max(0.0, p_ * (1.0 - p_)) / n_);
        if (p_ + s <= p_best_ + s_best_) {
            p_best_ = p_;
            s_best_ = s;
        }
        return signal_of(p_ + s > p_best_ + drift_ * s_best_, p_ + s > p_best_ + warning_ * s_best_);
    }

  private:
    Ddm(double min, double warning, double drift) : min_(min), warning_(warning), drift_(drift) {}

    double min_, warning_, drift_;
    double n_ = 0.0;
    double p_ = 0.0;
    double p_best_ = std::numeric_limits<double>::infinity();
    double s_best_ = std::numeric_limits<double>::infinity();
};

}  // namespace

const MonitorEntry& ddm() {
    static const MonitorEntry entry{ddm_info(), make_stream<Ddm>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
