#include <algorithm>

#include "results/monitors/batch.h"
#include "results/monitors/chi2_test.h"
#include "results/monitors/ks_distribution.h"

namespace misfire::monitors {

namespace {

MonitorInfo bbsd_info() {
    MonitorInfo info{
        .name = "bbsd",
        .summary = "black box shift detection: tests of a classifier's own outputs",
        .kind = MonitorKind::batch,
        .input = MonitorInput::probabilities,
        .reference = MonitorReference::required,
        .warns = false,
        .parameters = test_parameters(),
        .guarantee =
            "for independent rows and bonferroni the chance of a false alarm is at most alpha (hard: about "
            "alpha); a shift that leaves the outputs as they are is not seen",
        .source =
            "Lipton, Wang, Smola, Detecting and correcting for label shift with black box predictors, ICML "
            "2018; Rabanser and others, Failing loudly, NeurIPS 2019"};
    info.parameters.insert(
        info.parameters.begin(),
        word("form",
             "softmax: Kolmogorov-Smirnov test of each class's probability; hard: chi-squared test of the "
             "predicted classes",
             "softmax", {"softmax", "hard"}));
    return info;
}

std::vector<double> predictions(const MonitorRows& rows) {
    std::vector<double> out;
    for (std::size_t r = 0; r < rows.rows; ++r) {
        const auto row = rows.row(r);
        out.push_back(static_cast<double>(std::max_element(row.begin(), row.end()) - row.begin()));
    }
    return out;
}

class Bbsd : public BatchMonitor {
  public:
    explicit Bbsd(const MonitorSettings& settings) : settings_(settings), hard_(settings.word("form") == "hard") {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "bbsd", "reference", 2);
        classes_ = reference.columns;
        if (hard_)
            predictions_ = predictions(reference);
        else
            reference_ = Columns(reference, true);
    }

    BatchResult test(const MonitorRows& current) const override {
        if (classes_ == 0) refuse_unfitted("bbsd");
        check_rows(current, "bbsd", "current sample", 2, classes_);
        if (hard_) {
            BatchResult result = verdict_of_tests({chi2_test(predictions_, predictions(current), true)}, settings_);
            result.features.clear();
            return result;
        }
        const Columns now(current, true);
        std::vector<FeatureTest> features;
        for (std::size_t c = 0; c < classes_; ++c) {
            const double distance = ks_distance(reference_.at(c), now.at(c));
            features.push_back({distance, ks_p_value(reference_.rows(), now.rows(), distance, KsMethod::automatic)});
        }
        return verdict_of_tests(std::move(features), settings_);
    }

  private:
    MonitorSettings settings_;
    bool hard_;
    std::size_t classes_ = 0;
    Columns reference_;
    std::vector<double> predictions_;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<Bbsd>(settings); }

}  // namespace

const MonitorEntry& bbsd() {
    static const MonitorEntry entry{bbsd_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
