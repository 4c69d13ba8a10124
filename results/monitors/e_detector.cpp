#include <algorithm>
#include <array>

#include "results/monitors/running_moments.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo e_detector_info() {
    return {
        .name = "e_detector",
        .summary = "bets that the mean has left its baseline; false alarms are bounded for any distribution",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::share,
        .reference = MonitorReference::optional,
        .warns = false,
        .parameters =
            {between("alpha", "false alarms come no more often than once in 1 / alpha values on average", "0.001", 0,
                     1),
             word("form", "sr: sums over all possible beginnings (Shiryaev-Roberts); cusum: takes the best", "sr",
                  {"sr", "cusum"}),
             between("baseline", "mean when all is well; auto: from the reference", "auto", 0, 1),
             between("delta",
                     "chance that the mean lies beyond the bound that a reference gives (Hoeffding); the bound "
                     "is the baseline",
                     "0.025", 0, 1),
             number("bet", "stake as a share of the largest one allowed; 0: equal parts on 1/2, 1/4, ... 1/32", "0", 0,
                    0.99),
             word("mode", "changes that alarm: up (the mean grows) or down", "up", {"up", "down"}), reset_parameter()},
        .guarantee =
            "while the mean does not exceed the baseline (mode=down: is not below it), given the past, the mean "
            "time to a false alarm is at least 1 / alpha, and the chance of one within n values at most n alpha",
        .source =
            "Shin, Ramdas, Rinaldo, E-detectors: a nonparametric framework for sequential change detection, NEJSDS "
            "2024"};
}

constexpr std::array<double, 5> mixture = {0.5, 0.25, 0.125, 0.0625, 0.03125};
constexpr double largest = 1e300;  // far beyond any alarm; keeps reset=none finite

class EDetector {
  public:
    explicit EDetector(const MonitorSettings& settings)
        : limit_(1.0 / settings.number("alpha")),
          delta_(settings.number("delta")),
          sum_(settings.word("form") == "sr"),
          up_(settings.word("mode") == "up"),
          stakes_(settings.number("bet") > 0.0 ? std::vector<double>{settings.number("bet")}
                                               : std::vector<double>(mixture.begin(), mixture.end())),
          evidence_(stakes_.size(), 0.0) {
        if (const double baseline = settings.number("baseline"); !std::isnan(baseline))
            baseline_ = up_ ? baseline : 1.0 - baseline;
    }

    void fit(std::span<const double> reference) {
        if (!std::isnan(baseline_))
            throw UsageError("e_detector has a baseline already. Leave out the reference or `baseline`.");
        const RunningMoments moments = moments_of(reference);
        const double margin = std::sqrt(std::log(1.0 / delta_) / (2.0 * std::max(1.0, moments.count())));
        baseline_ = (up_ ? moments.mean() : 1.0 - moments.mean()) + margin;
        if (!(baseline_ < 1.0)) {
            baseline_ = std::numeric_limits<double>::quiet_NaN();
            throw DataError("The mean of a reference of " + std::to_string(reference.size()) +
                            " values is bounded by 1 only, so nothing can exceed it. Give more values.");
        }
    }

    void reset() { std::fill(evidence_.begin(), evidence_.end(), 0.0); }

    Signal update(double value) {
        if (std::isnan(baseline_))
            throw UsageError(
                "e_detector does not know the mean when all is well. Give e_detector:baseline=0.1, or a "
                "reference.");
        const double relative = (up_ ? value : 1.0 - value) / baseline_ - 1.0;
        double mean = 0.0;
        for (std::size_t i = 0; i < stakes_.size(); ++i) {
            const double before = sum_ ? evidence_[i] + 1.0 : std::max(evidence_[i], 1.0);
            evidence_[i] = std::min(largest, (1.0 + stakes_[i] * relative) * before);
            mean += evidence_[i];
        }
        return signal_of(mean >= limit_ * static_cast<double>(stakes_.size()), false);
    }

  private:
    double limit_, delta_;
    bool sum_, up_;
    double baseline_ = std::numeric_limits<double>::quiet_NaN();  // of values turned so that 1 is worst
    std::vector<double> stakes_;                                  // lambda times baseline, below 1
    std::vector<double> evidence_;
};

}  // namespace

const MonitorEntry& e_detector() {
    static const MonitorEntry entry{e_detector_info(), make_stream<EDetector>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
