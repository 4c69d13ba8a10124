#include <algorithm>
#include <numeric>

#include "core/random.h"
#include "results/monitors/ranked_bag.h"
#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorInfo conformal_martingale_info() {
    return {
        .name = "conformal_martingale",
        .summary = "bets against exchangeability of the values, by their ranks",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::value,
        .reference = MonitorReference::optional,
        .warns = false,
        .parameters = {between("threshold", "capital that alarms, where 1 is what one begins with", "100", 1),
                       word("form",
                            "ville: capital since the beginning, one alarm at most under exchangeability; cusum, sr: "
                            "restarting forms for streams that go on",
                            "ville", {"ville", "cusum", "sr"}),
                       between("jump", "share of the capital that changes its bet at each value", "0.01", 0, 1),
                       word("bets", "3: -1, 0, 1; 5: also -1/2 and 1/2", "3", {"3", "5"}),
                       whole("bag",
                             "values that ranks are taken among; when so many are there, the ranks begin anew and the "
                             "capital stays",
                             "1000000", 10, 100000000),
                       seed_parameter("the draws that break ties"), reset_parameter()},
        .guarantee =
            "for exchangeable values the chance of ever alarming is at most 1 / threshold (form=ville); the "
            "restarting forms alarm falsely about once in `threshold` values or later",
        .source =
            "Vovk and others, Retrain or not retrain: conformal test martingales for change-point detection, COPA "
            "2021 (Simple Jumper)"};
}

enum class Form { ville, cusum, sr };

class ConformalMartingale {
  public:
    explicit ConformalMartingale(const MonitorSettings& settings)
        : limit_(settings.number("threshold")),
          jump_(settings.number("jump")),
          bets_(settings.word("bets") == "3" ? std::vector<double>{-1.0, 0.0, 1.0}
                                             : std::vector<double>{-1.0, -0.5, 0.0, 0.5, 1.0}),
          shares_(bets_.size()),
          capacity_(settings.whole("bag")),
          random_(
              KeyHash().add("conformal_martingale").add(static_cast<std::uint64_t>(settings.number("seed"))).value()) {
        const std::string& form = settings.word("form");
        form_ = form == "ville" ? Form::ville : form == "cusum" ? Form::cusum : Form::sr;
        reset();
    }

    // The values join the bag without bets: the change is looked for after them.
    void fit(std::span<const double> reference) {
        if (reference.size() >= capacity_)
            throw UsageError("A reference of " + std::to_string(reference.size()) +
                             " values does not fit into a bag of " + std::to_string(capacity_) +
                             ". Raise `bag` of conformal_martingale.");
        reference_.assign(reference.begin(), reference.end());
        reset();
    }

    void reset() {
        bag_.clear();
        for (const double value : reference_) bag_.add(value);
        std::fill(shares_.begin(), shares_.end(), 1.0 / static_cast<double>(bets_.size()));
        capital_ = form_ == Form::ville ? 0.0 : form_ == Form::cusum ? 1.0 : 0.0;
    }

    Signal update(double x) {
        const double growth = bet(p_value(x));
        switch (form_) {
            case Form::ville: capital_ += std::log(growth); return signal_of(capital_ >= std::log(limit_), false);
            case Form::cusum: capital_ = growth * std::max(capital_, 1.0); break;
            case Form::sr: capital_ = growth * (capital_ + 1.0); break;
        }
        capital_ = std::min(capital_, 1e300);
        return signal_of(capital_ >= limit_, false);
    }

  private:
    // Uniform and independent of the past, whatever the distribution, as long as the values are exchangeable.
    double p_value(double x) {
        if (bag_.size() == capacity_) bag_.clear();
        const RankedBag::Rank rank = bag_.add(x);
        if (draw_ == draws_.size()) {
            random_.uniform(draws_, 0, drawn_);
            drawn_ += draws_.size();
            draw_ = 0;
        }
        const double u = static_cast<double>(draws_[draw_++]) + 0x1p-25;  // the middle of a step: never 0 or 1
        const auto n = static_cast<double>(bag_.size());
        const auto equal = static_cast<double>(rank.equal);
        return (n - static_cast<double>(rank.less) - equal + u * equal) / n;
    }

    // By how much the capital grows; `shares_` is how it is spread over the bets, with sum 1.
    double bet(double p) {
        double total = 0.0;
        for (std::size_t i = 0; i < bets_.size(); ++i) {
            shares_[i] =
                ((1.0 - jump_) * shares_[i] + jump_ / static_cast<double>(bets_.size())) * (1.0 + bets_[i] * (p - 0.5));
            total += shares_[i];
        }
        for (double& share : shares_) share /= total;
        return total;
    }

    Form form_;
    double limit_, jump_;
    std::vector<double> bets_, shares_;
    std::size_t capacity_;
    RankedBag bag_;
    std::vector<double> reference_;
    Random random_;
    std::vector<float> draws_ = std::vector<float>(256);
    std::size_t draw_ = 256;
    std::uint64_t drawn_ = 0;
    double capital_ = 0.0;  // its logarithm for ville
};

}  // namespace

const MonitorEntry& conformal_martingale() {
    static const MonitorEntry entry{conformal_martingale_info(), make_stream<ConformalMartingale>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
