#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo page_hinkley_info() {
    return {
        .name = "page_hinkley",
        .summary = "cumulated deviation from the running mean",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::value,
        .reference = MonitorReference::none,
        .warns = false,
        .parameters = {word("form",
                            "river: the sum against its extreme so far; older: max(0, sum) >= threshold with one value "
                            "fewer before the first test (river before 0.15, skmultiflow); frouros: the sum itself",
                            "river", {"river", "older", "frouros"}),
                       number("delta", "deviation that is tolerated, in units of the values", "0.005", 0),
                       between("threshold", "sum that alarms, in units of the values", "50", 0),
                       number("alpha", "factor by which the sum fades at each value", "0.9999", 0, 1),
                       whole("min", "values before the first test", "30", 1),
                       mode_parameter("auto", {"auto", "up", "down", "both"}), reset_parameter()},
        .guarantee = "",
        .source =
            "Page, Continuous inspection schemes, Biometrika 41, 1954; Hinkley, Biometrika 58, 1971; "
            "river.drift.PageHinkley"};
}

enum class Form { river, older, frouros };

// One direction of the test: how far the sum of deviations has risen.
class Side {
  public:
    // deviation: x - mean upwards, mean - x downwards.
    double add(Form form, double deviation, double alpha) {
        sum_ = alpha * sum_ + deviation;
        if (form == Form::frouros) return sum_;
        if (form == Form::older) return sum_ = std::max(0.0, sum_);
        least_ = std::min(least_, sum_);
        return sum_ - least_;
    }

  private:
    double sum_ = 0.0;
    double least_ = std::numeric_limits<double>::infinity();
};

class PageHinkley {
  public:
    explicit PageHinkley(const MonitorSettings& settings)
        : delta_(settings.number("delta")),
          threshold_(settings.number("threshold")),
          alpha_(settings.number("alpha")),
          min_(settings.number("min")) {
        const std::string& form = settings.word("form");
        form_ = form == "river" ? Form::river : form == "older" ? Form::older : Form::frouros;
        const std::string& mode = settings.word("mode");
        const bool both = mode == "both" || (mode == "auto" && form_ == Form::river);
        up_ = both || mode != "down";
        down_ = both || mode == "down";
        if (form_ == Form::older) min_ -= 1.0;  // its counter starts at 1
    }

    void reset() {
        n_ = mean_ = 0.0;
        rise_ = fall_ = {};
    }

    Signal update(double x) {
        n_ += 1.0;
        mean_ += (x - mean_) / n_;
        const double deviation = x - mean_;
        double highest = -std::numeric_limits<double>::infinity();
        if (up_) highest = rise_.add(form_, deviation - delta_, alpha_);
        if (down_) highest = std::max(highest, fall_.add(form_, -deviation - delta_, alpha_));
        if (n_ < min_) return Signal::none;
        return signal_of(form_ == Form::older ? highest >= threshold_ : highest > threshold_, false);
    }

  private:
    Form form_;
    double delta_, threshold_, alpha_, min_;
    bool up_, down_;
    double n_ = 0.0;
    double mean_ = 0.0;
    Side rise_, fall_;
};

}  // namespace

const MonitorEntry& page_hinkley() {
    static const MonitorEntry entry = [] {
        MonitorEntry made{page_hinkley_info(), make_stream<PageHinkley>, nullptr, nullptr};
        for (MonitorParameter& parameter : made.info.parameters) {
            if (parameter.name == "mode")
                parameter.meaning += "; auto: both for form=river, up for the others, as those have it";
        }
        return made;
    }();
    return entry;
}

}  // namespace misfire::monitors
