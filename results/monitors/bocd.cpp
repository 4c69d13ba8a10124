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
                             "700", 2, 100000),
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
        for (const Run& run : runs_) {
            // Below exp(-40) a run adds nothing that a double could hold.
            if (run.log_weight > largest - 40.0) total += std::exp(run.log_weight - largest);
        }
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

    // What the predictive density of a run depends on besides its sum; the same for all runs of a length.
    struct Predictive {
        double inverse_precision;  // of the level
        double half_inverse;       // 1 / (2 spread)
        double half_log;           // -log(2 pi spread) / 2
    };

    Predictive predictive(double length) const {
        const double inverse = 1.0 / (prior_precision_ + length / variance_);
        const double spread = variance_ + inverse;
        return {inverse, 0.5 / spread, -0.5 * std::log(2.0 * std::numbers::pi * spread)};
    }

    // Adds the logarithm of the predictive density of x to each run.
    void weigh(double x) {
        while (table_.size() < longest_in_table && static_cast<double>(table_.size()) < n_)
            table_.push_back(predictive(static_cast<double>(table_.size())));
        const double prior = prior_mean_ * prior_precision_;
        const double per_value = 1.0 / variance_;
        for (Run& run : runs_) {
            const auto at = static_cast<std::size_t>(run.length);
            const Predictive known = at < table_.size() ? table_[at] : predictive(run.length);
            const double off = x - (prior + run.sum * per_value) * known.inverse_precision;
            run.log_weight += known.half_log - off * off * known.half_inverse;
        }
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
    std::vector<Predictive> table_;  // by length
};

}  // namespace

const MonitorEntry& bocd() {
    static const MonitorEntry entry{bocd_info(), make_stream<Bocd>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
