#include <algorithm>
#include <numeric>

#include "core/random.h"
#include "results/monitors/ks_distribution.h"
#include "results/monitors/ring.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo kswin_info() {
    return {.name = "kswin",
            .summary = "Kolmogorov-Smirnov test of the last values against a draw from those before them in a window",
            .kind = MonitorKind::streaming,
            .input = MonitorInput::value,
            .reference = MonitorReference::none,
            .warns = false,
            .parameters = {between("alpha", "p-value up to which it alarms", "0.005", 0, 1),
                           whole("window", "values in the window", "100", 4, 100000),
                           whole("sample", "last values, and values drawn from the others", "30", 2, 50000),
                           number("distance", "no alarm up to this distance, whatever the p-value", "0.1", 0, 1),
                           seed_parameter("the draws"), reset_parameter()},
            .guarantee =
                "one test errs with at most alpha; there is one per value, so false alarms come about every "
                "window / alpha values or sooner",
            .source =
                "Raab, Heusinger, Schleif, Reactive soft prototype computing for concept drift streams, "
                "Neurocomputing 416, 2020; river.drift.KSWIN (same rule, other random numbers)"};
}

class Kswin {
  public:
    explicit Kswin(const MonitorSettings& settings)
        : sample_(settings.whole("sample")),
          distance_(settings.number("distance")),
          window_(settings.whole("window")),
          random_(KeyHash().add("kswin").add(static_cast<std::uint64_t>(settings.number("seed"))).value()),
          places_(settings.whole("window")),
          uniforms_(sample_),
          drawn_(sample_) {
        if (2 * sample_ > settings.whole("window"))
            throw UsageError("Monitor kswin: a window of " + std::to_string(settings.whole("window")) +
                             " values cannot hold two samples of " + std::to_string(sample_) +
                             ". Give window at least twice as large as sample.");
        std::iota(places_.begin(), places_.end(), 0U);
        // Fewest steps of the distance whose p-value alarms.
        while (alarm_steps_ <= sample_ && ks_equal_sizes(sample_, alarm_steps_) > settings.number("alpha"))
            ++alarm_steps_;
    }

    void reset() {
        window_.clear();
        recent_.clear();
    }

    Signal update(double x) {
        if (window_.size() >= sample_) recent_.erase(place_of(window_[window_.size() - sample_]));
        window_.push(x);
        recent_.insert(std::upper_bound(recent_.begin(), recent_.end(), x), x);
        if (!window_.full()) return Signal::none;
        draw();
        const double distance = ks_distance(drawn_, recent_);
        const auto steps = static_cast<std::size_t>(std::lround(distance * static_cast<double>(sample_)));
        if (steps < alarm_steps_ || distance <= distance_) return Signal::none;
        keep_recent();
        return Signal::alarm;
    }

  private:
    std::vector<double>::iterator place_of(double value) {
        return std::lower_bound(recent_.begin(), recent_.end(), value);
    }

    // `sample` of the older values without replacement: the first steps of a Fisher-Yates shuffle, which are undone.
    void draw() {
        random_.uniform(uniforms_, 0, draws_);
        draws_ += sample_;
        const std::size_t older = window_.size() - sample_;
        swapped_.clear();
        for (std::size_t i = 0; i < sample_; ++i) {
            const std::size_t j = i + static_cast<std::size_t>(uniforms_[i] * static_cast<float>(older - i));
            swapped_.push_back(j);
            std::swap(places_[i], places_[j]);
            drawn_[i] = window_[places_[i]];
        }
        for (std::size_t i = sample_; i-- > 0;) std::swap(places_[i], places_[swapped_[i]]);
        std::sort(drawn_.begin(), drawn_.end());
    }

    // With reset=none the last values are the new window.
    void keep_recent() {
        std::vector<double> last(sample_);
        for (std::size_t i = 0; i < sample_; ++i) last[i] = window_[window_.size() - sample_ + i];
        window_.clear();
        for (const double value : last) window_.push(value);
    }

    std::size_t sample_;
    double distance_;
    Ring<double> window_;
    std::vector<double> recent_;  // the last `sample` values, sorted
    Random random_;
    std::uint64_t draws_ = 0;
    std::vector<std::uint32_t> places_;
    std::vector<std::size_t> swapped_;
    std::vector<float> uniforms_;
    std::vector<double> drawn_;
    std::size_t alarm_steps_ = 0;
};

}  // namespace

const MonitorEntry& kswin() {
    static const MonitorEntry entry{kswin_info(), make_stream<Kswin>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
