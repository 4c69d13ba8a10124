// From a detector, a plain class with reset() and Signal update(double), to a streaming monitor: the policy of clearing
// its state is the same for all of them and lives here.
#pragma once

#include <utility>

#include "core/error.h"
#include "results/monitors/parameters.h"
#include "results/monitors/settings.h"

namespace misfire::monitors {

// What happens to the state after an alarm.
enum class ResetPolicy {
    start,   // cleared at the start of the next update: the alarm's value is not of the new concept (river)
    inside,  // cleared before the alarming update returns: the same alarms, but nothing left to look at (MOA's HDDM)
    none,    // kept: the alarm goes on as long as the statistic says so; the caller clears (frouros)
};

inline MonitorParameter reset_parameter() {
    return word("reset",
                "what happens to the state after an alarm: start (cleared when the next value comes), inside (cleared "
                "at once: the same alarms, samples() is 0 after each), none (kept)",
                "start", {"start", "inside", "none"});
}

inline ResetPolicy reset_policy(const MonitorSettings& settings) {
    const std::string& word = settings.word("reset");
    if (word == "none" || word == "false") return ResetPolicy::none;
    return word == "inside" ? ResetPolicy::inside : ResetPolicy::start;
}

template <typename Detector>
class StreamOf final : public StreamMonitor {
  public:
    StreamOf(Detector detector, ResetPolicy policy) : detector_(std::move(detector)), policy_(policy) {}

    void fit(std::span<const double> reference) override {
        if constexpr (requires(Detector & detector) { detector.fit(reference); })
            detector_.fit(reference);
        else
            throw UsageError("This monitor takes no reference. Feed it from the first value on.");
    }

    Signal update(double value) override {
        if (alarmed_) clear();
        const Signal signal = detector_.update(value);
        ++samples_;
        if (signal == Signal::alarm) {
            alarmed_ = policy_ == ResetPolicy::start;
            if (policy_ == ResetPolicy::inside) clear();
        }
        return signal;
    }

    std::size_t samples() const override { return samples_; }

  private:
    void clear() {
        detector_.reset();
        samples_ = 0;
        alarmed_ = false;
    }

    Detector detector_;
    ResetPolicy policy_;
    bool alarmed_ = false;
    std::size_t samples_ = 0;
};

template <typename Detector>
std::unique_ptr<StreamMonitor> make_stream(const MonitorSettings& settings) {
    return std::make_unique<StreamOf<Detector>>(Detector(settings), reset_policy(settings));
}

// alarm beats warning.
inline Signal signal_of(bool alarm, bool warning) {
    return alarm ? Signal::alarm : warning ? Signal::warning : Signal::none;
}

}  // namespace misfire::monitors
