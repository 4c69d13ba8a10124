#include <algorithm>
#include <numbers>

#include "results/monitors/running_moments.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo bocd_info() {
    return {
        .name = "bocd",
        .summary = "Bayesian run length: alarms when a change has become more probable than none",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::value,
        .reference = MonitorReference::optional,
        .warns = false,
        .parameters = {between("hazard", "probability of a change at each value", "0.01", 0, 1),
                       number("prior_mean", "mean of the normal prior of the level", "0", -1e12, 1e12),
                       between("prior_variance", "variance of that prior", "1", 0, 1e24),
                       between("variance", "variance of the values around their level", "1", 0, 1e24),
                       whole("min", "values before the first test", "30", 1),
                       whole("runs",
                             "run lengths that are kept, the most probable ones and always that of no change; time per "
                             "value grows with it",
                             "200", 2, 100000),
                       reset_parameter()},
        .guarantee = "",
        .source =
            "Adams and MacKay, Bayesian online changepoint detection, arXiv 0710.3742; frouros BOCD with a normal "
            "model of unknown mean. A reference standardises the values"};
}

// Posterior of the time since the last change, in logarithms. Run 0 is that of no change since the beginning.
class Bocd {
  public:
    explicit Bocd(const MonitorSettings& settings)
        : hazard_(settings.number("hazard")),
          prior_mean_(settings.number("prior_mean")),
          prior_precision_(1.0 / settings.number("prior_variance")),
          variance_(settings.number("variance")),
          min_(settings.number("min")),
          kept_(settings.whole("runs")) {
        reset();
    }

    void fit(std::span<const double> reference) {
        const RunningMoments moments = moments_of(reference);
        if (reference.size() < 2 || moments.variance(1.0) == 0.0)
            throw DataError("bocd cannot standardise by a reference of " + std::to_string(reference.size()) +
                            " values that do not differ. Give more values, or none.");
        shift_ = moments.mean();
        scale_ = 1.0 / std::sqrt(moments.variance(1.0));
    }

    void reset() {
        runs_.assign(1, {0.0, 0.0, 0.0});
        n_ = 0.0;
    }

    Signal update(double value) {
        const double x = (value - shift_) * scale_;
        n_ += 1.0;
        weigh(x);
        double best = runs_.front().log_weight;
        double largest = best;
        for (const Run& run : runs_) largest = std::max(largest, run.log_weight);
        double total = 0.0;
        for (const Run& run : runs_) total += std::exp(run.log_weight - largest);
        // Every run goes on with 1 - hazard; the run of length 0 gets the hazard, whatever was seen.
        const double shift = std::log1p(-hazard_) - largest - std::log(total);
        for (Run& run : runs_) {
            run.log_weight += shift;
            run.sum += x;
            run.length += 1.0;
        }
        best = runs_.front().log_weight;
        largest += shift;
        if (runs_.size() == kept_) drop_least();
        runs_.push_back({std::log(hazard_), 0.0, 0.0});
        return signal_of(n_ >= min_ && std::max(largest, std::log(hazard_)) > best, false);
    }

  private:
    struct Run {
        double log_weight;
        double length;
        double sum;
    };

    // Adds the logarithm of the predictive density of x to each run.
    void weigh(double x) {
        for (Run& run : runs_) {
            const double precision = prior_precision_ + run.length / variance_;
            const double mean = (prior_mean_ * prior_precision_ + run.sum / variance_) / precision;
            const double spread = variance_ + 1.0 / precision;
            run.log_weight += half_log(run.length, spread) - (x - mean) * (x - mean) / (2.0 * spread);
        }
    }

    // -log(2 pi spread) / 2, which depends on the length only.
    double half_log(double length, double spread) {
        const auto at = static_cast<std::size_t>(length);
        if (at >= longest_in_table) return -0.5 * std::log(2.0 * std::numbers::pi * spread);
        if (at >= table_.size()) table_.resize(at + 1, std::numeric_limits<double>::quiet_NaN());
        if (std::isnan(table_[at])) table_[at] = -0.5 * std::log(2.0 * std::numbers::pi * spread);
        return table_[at];
    }

    void drop_least() {
        std::size_t least = 1;
        for (std::size_t i = 2; i < runs_.size(); ++i) {
            if (runs_[i].log_weight < runs_[least].log_weight) least = i;
        }
        runs_[least] = runs_.back();
        runs_.pop_back();
    }

    static constexpr std::size_t longest_in_table = 65536;
    double hazard_, prior_mean_, prior_precision_, variance_, min_;
    std::size_t kept_;
    double shift_ = 0.0;
    double scale_ = 1.0;
    double n_ = 0.0;
    std::vector<Run> runs_;
    std::vector<double> table_;
};

}  // namespace

const MonitorEntry& bocd() {
    static const MonitorEntry entry{bocd_info(), make_stream<Bocd>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
