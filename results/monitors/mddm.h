// McDiarmid drift detection (MDDM): the accuracy of a sliding window, newer values weighing more, against its best so
// far. The three published weightings differ in nothing else.
#pragma once

#include <numeric>
#include <vector>

#include "results/monitors/streaming.h"

namespace misfire::monitors {

// Metadata of one weighting; `weight` is its own parameter.
inline MonitorInfo mddm_info(std::string name, const std::string& weighting, MonitorParameter weight) {
    return {.name = std::move(name),
            .summary = "weighted accuracy of a sliding window against its best so far, " + weighting,
            .kind = MonitorKind::streaming,
            .input = MonitorInput::error,
            .reference = MonitorReference::none,
            .warns = true,
            .parameters = {whole("window", "values in the sliding window", "100", 2, 10000), std::move(weight),
                           between("drift", "confidence of an alarm", "0.000001", 0, 1),
                           between("warning", "confidence of a warning", "0.000005", 0, 1), reset_parameter()},
            .guarantee = "each comparison errs with at most its confidence; over a stream there are many",
            .source =
                "Pesaranghader, Viktor, Paquet, McDiarmid drift detection methods for evolving data streams, IJCNN "
                "2018; river.drift.binary.MDDM"};
}

class Mddm {
  public:
    // weights: from the oldest to the newest value, as many as the window holds.
    Mddm(const MonitorInfo& info, const MonitorSettings& settings, std::vector<double> weights)
        : weights_(std::move(weights)), window_(weights_.size()) {
        require_order(info, settings, "drift", "warning");
        const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
        double squares = 0.0;
        for (double& weight : weights_) {
            weight /= sum;
            squares += weight * weight;
        }
        drift_ = std::sqrt(0.5 * squares * std::log(1.0 / settings.number("drift")));
        warning_ = std::sqrt(0.5 * squares * std::log(1.0 / settings.number("warning")));
    }

    void reset() {
        filled_ = at_ = 0;
        best_ = 0.0;
    }

    Signal update(double x) {
        window_[at_] = 1.0 - x;
        if (++at_ == window_.size()) at_ = 0;
        if (filled_ < window_.size() && ++filled_ < window_.size()) return Signal::none;
        const double mean = weighted_mean();
        best_ = std::max(best_, mean);
        return signal_of(best_ - mean > drift_, best_ - mean > warning_);
    }

  private:
    // The oldest value stands at at_. Four sums, since one would wait for itself.
    double weighted_mean() const {
        const std::size_t tail = window_.size() - at_;
        return product(window_.data() + at_, weights_.data(), tail) +
               product(window_.data(), weights_.data() + tail, at_);
    }
    static double product(const double* a, const double* b, std::size_t n) {
        double sums[4] = {0.0, 0.0, 0.0, 0.0};
        std::size_t i = 0;
        for (; i + 4 <= n; i += 4) {
            for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
        }
        for (; i < n; ++i) sums[0] += a[i] * b[i];
        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }

    std::vector<double> weights_;  // normalised to sum 1
    std::vector<double> window_;   // 1 = right
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    double drift_ = 0.0;
    double warning_ = 0.0;
    double best_ = 0.0;
};

}  // namespace misfire::monitors
