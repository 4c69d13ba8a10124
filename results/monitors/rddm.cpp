#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo rddm_info() {
    return {.name = "rddm",
            .summary =
                "DDM that forgets: after an alarm, a long warning or a long concept it starts over from recent values",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::error,
            .reference = MonitorReference::none,
            .warns = true,
            .parameters = {whole("min", "values before the first test", "129", 1),
                           number("warning", "standard deviations above the minimum that warn", "1.773", 0),
                           number("drift", "standard deviations above the minimum that alarm", "2.258", 0),
                           whole("buffer", "recent values that are kept to start over from", "7000", 1, 1e7),
                           whole("max_concept", "values after which a concept without warning ends in an alarm",
                                 "40000", 1),
                           whole("warning_limit", "values after which a warning ends in an alarm", "1400", 1),
                           reset_parameter()},
            .guarantee = "",
            .source =
                "Barros, Cabral, Goncalves, Santos, RDDM: reactive drift detection method, Expert Systems with "
                "Applications 90, 2017; river.drift.binary.RDDM"};
}

constexpr double infinity = std::numeric_limits<double>::infinity();

class Rddm {
  public:
    explicit Rddm(const MonitorSettings& settings)
        : min_(settings.number("min")),
          warning_(settings.number("warning")),
          drift_(settings.number("drift")),
          max_concept_(settings.number("max_concept")),
          warning_limit_(settings.number("warning_limit")),
          buffer_(settings.whole("buffer")) {
        require_order(rddm_info(), settings, "warning", "drift");
    }

    // What other detectors lose here is rebuilt from the values since the first of the warning.
    void reset() {
        if (changed_) p_best_ = s_best_ = infinity;
        n_ = 1.0;  // as published: from here on n is one ahead of the values it stands for
        p_ = 1.0;
        if (warned_at_ != nowhere) {
            stored_ = (newest_ + buffer_.size() - warned_at_) % buffer_.size() + 1;
        }
        std::size_t at = (newest_ + buffer_.size() + 1 - stored_) % buffer_.size();
        for (std::size_t i = 0; i < stored_; ++i) {
            p_ += (buffer_[at] - p_) / n_;
            if (changed_ && n_ > min_) keep_best();
            n_ += 1.0;
            if (++at == buffer_.size()) at = 0;
        }
        warned_at_ = nowhere;
        warning_length_ = 0.0;
        changed_ = false;
    }

    Signal update(double x) {
        store(x);
        n_ += 1.0;
        p_ += (x - p_) / n_;
        if (n_ <= min_) return Signal::none;
        keep_best();
        const double level = p_ + deviation();
        if (level > p_best_ + drift_ * s_best_) {
            changed_ = true;
            if (warned_at_ == nowhere) stored_ = 1;
            return Signal::alarm;
        }
        if (level > p_best_ + warning_ * s_best_) return warn();
        warned_at_ = nowhere;
        warning_length_ = 0.0;
        return n_ > max_concept_ ? Signal::alarm : Signal::none;
    }

  private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    double deviation() const { return std::sqrt(std::max(0.0, p_ * (1.0 - p_)) / n_); }

    void keep_best() {
        const double s = deviation();
        if (p_ + s >= p_best_ + s_best_) return;
        p_best_ = p_;
        s_best_ = s;
    }

    void store(double x) {
        if (++newest_ >= buffer_.size()) newest_ = 0;
        buffer_[newest_] = x;
        if (stored_ < buffer_.size())
            ++stored_;
        else if (warned_at_ == newest_)
            warned_at_ = nowhere;  // overwritten: the warning is older than the buffer
    }

    // A warning of `warning_limit` values is a change.
    Signal warn() {
        if (warning_length_ == 0.0) warned_at_ = newest_;
        warning_length_ += 1.0;
        if (warning_length_ <= warning_limit_) return Signal::warning;
        changed_ = true;
        stored_ = 1;
        warned_at_ = nowhere;
        warning_length_ = 0.0;
        return Signal::alarm;
    }

    double min_, warning_, drift_, max_concept_, warning_limit_;
    double n_ = 0.0;
    double p_ = 0.0;
    double p_best_ = infinity;
    double s_best_ = infinity;
    std::vector<double> buffer_;
    std::size_t newest_ = nowhere;  // place of the last value; the next one goes to 0 at first
    std::size_t stored_ = 0;
    std::size_t warned_at_ = nowhere;
    double warning_length_ = 0.0;
    bool changed_ = false;
};

}  // namespace

const MonitorEntry& rddm() {
    static const MonitorEntry entry{rddm_info(), make_stream<Rddm>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
