#include "results/monitors/batch.h"
#include "results/monitors/chi2_test.h"

namespace misfire::monitors {

namespace {

MonitorInfo chi2_info() {
    MonitorInfo info{.name = "chi2",
                     .summary = "chi-squared test of the categories of each feature",
                     .kind = MonitorKind::batch,
                     .input = MonitorInput::rows,
                     .reference = MonitorReference::required,
                     .warns = false,
                     .parameters = test_parameters(),
                     .guarantee =
                         "for independent rows, many in each category, and bonferroni the chance of a false alarm is "
                         "about alpha at most",
                     .source = "Pearson 1900; as scipy.stats.chi2_contingency and alibi-detect ChiSquareDrift"};
    info.parameters.push_back(
        word("yates", "continuity correction where a feature has two categories", "true", {"true", "false"}));
    return info;
}

class Chi2 : public BatchMonitor {
  public:
    explicit Chi2(const MonitorSettings& settings) : settings_(settings) {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "chi2", "reference", 1);
        reference_ = Columns(reference, false);
    }

    BatchResult test(const MonitorRows& current) const override {
        if (reference_.count() == 0) refuse_unfitted("chi2");
        check_rows(current, "chi2", "current sample", 1, reference_.count());
        const Columns now(current, false);
        std::vector<FeatureTest> features;
        for (std::size_t c = 0; c < now.count(); ++c)
            features.push_back(chi2_test(reference_.at(c), now.at(c), settings_.word("yates") == "true"));
        return verdict_of_tests(std::move(features), settings_);
    }

  private:
    MonitorSettings settings_;
    Columns reference_;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<Chi2>(settings); }

}  // namespace

const MonitorEntry& chi2() {
    static const MonitorEntry entry{chi2_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
