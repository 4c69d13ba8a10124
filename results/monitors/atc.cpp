#include "results/monitors/validation.h"

namespace misfire::monitors {

namespace {

MonitorInfo atc_info() {
    return {
        .name = "atc",
        .summary = "estimates accuracy by the share of scores above a threshold fitted on validation data",
        .kind = MonitorKind::estimate,
        .input = MonitorInput::probabilities,
        .reference = MonitorReference::required,
        .warns = false,
        .parameters = {word("score", "mc: largest probability; ne: negative entropy, usually better", "ne",
                            {"mc", "ne"})},
        .guarantee = "on the validation data the estimate is the accuracy, up to ties of scores",
        .source = "Garg and others, Leveraging unlabeled data to predict out-of-distribution performance, ICLR 2022"};
}

class Atc : public AccuracyEstimator {
  public:
    explicit Atc(const MonitorSettings& settings) : entropy_(settings.word("score") == "ne") {}

    // The threshold below which as large a share of the scores lies as there are wrong answers; of equally good ones
    // the lowest.
    void fit(const MonitorRows& probabilities, std::span<const std::int32_t> labels) override {
        check_validation(probabilities, labels, "atc");
        classes_ = probabilities.columns;
        std::vector<double> scores = scores_of(probabilities);
        std::sort(scores.begin(), scores.end());
        const auto n = static_cast<double>(scores.size());
        const double wrong = std::round(n * (1.0 - accuracy(probabilities, labels)));
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i <= scores.size(); ++i) {
            if (i > 0 && i < scores.size() && scores[i] == scores[i - 1]) continue;
            const double off = std::abs(wrong - static_cast<double>(i));
            if (off >= best) continue;
            best = off;
            threshold_ = i == scores.size() ? std::numeric_limits<double>::infinity() : scores[i];
        }
    }

    EstimatedAccuracy estimate(const MonitorRows& probabilities) const override {
        if (classes_ == 0) refuse_unfitted("atc");
        check_probabilities(probabilities, "atc", "current sample", classes_);
        const std::vector<double> scores = scores_of(probabilities);
        EstimatedAccuracy out;
        out.value = static_cast<double>(std::count_if(scores.begin(), scores.end(),
                                                      [this](double score) { return score >= threshold_; })) /
                    static_cast<double>(scores.size());
        return out;
    }

  private:
    std::vector<double> scores_of(const MonitorRows& rows) const {
        std::vector<double> scores(rows.rows);
        for (std::size_t r = 0; r < rows.rows; ++r) {
            if (!entropy_) {
                scores[r] = prediction_of(rows.row(r)).confidence;
                continue;
            }
            for (const double p : rows.row(r)) scores[r] += p > 0.0 ? p * std::log(p) : 0.0;
        }
        return scores;
    }

    bool entropy_;
    std::size_t classes_ = 0;
    double threshold_ = 0.0;
};

std::unique_ptr<AccuracyEstimator> make(const MonitorSettings& settings) { return std::make_unique<Atc>(settings); }

}  // namespace

const MonitorEntry& atc() {
    static const MonitorEntry entry{atc_info(), nullptr, nullptr, make};
    return entry;
}

}  // namespace misfire::monitors
