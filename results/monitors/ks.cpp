#include <algorithm>

#include "results/monitors/batch.h"
#include "results/monitors/ks_distribution.h"

namespace misfire::monitors {

namespace {

MonitorInfo ks_info() {
    MonitorInfo info{.name = "ks",
                     .summary = "Kolmogorov-Smirnov test of each feature",
                     .kind = MonitorKind::batch,
                     .input = MonitorInput::rows,
                     .reference = MonitorReference::required,
                     .warns = false,
                     .parameters = test_parameters(),
                     .guarantee = "for independent rows and bonferroni the chance of a false alarm is at most alpha",
                     .source =
                         "Hodges, The significance probability of the Smirnov two-sample test, 1958; as "
                         "scipy.stats.ks_2samp and alibi-detect KSDrift"};
    info.parameters.push_back(word("method",
                                   "p-value: exact, asymptotic, or auto (exact up to 10000 rows in the larger sample)",
                                   "auto", {"auto", "exact", "asymptotic"}));
    return info;
}

class Ks : public BatchMonitor {
  public:
    explicit Ks(const MonitorSettings& settings) : settings_(settings) {
        const std::string& method = settings.word("method");
        method_ = method == "auto" ? KsMethod::automatic : method == "exact" ? KsMethod::exact : KsMethod::asymptotic;
    }

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "ks", "reference", 2);
        reference_ = Columns(reference, true);
    }

    BatchResult test(const MonitorRows& current) const override {
        if (reference_.count() == 0) refuse_unfitted("ks");
        check_rows(current, "ks", "current sample", 2, reference_.count());
        const Columns now(current, true);
        std::vector<FeatureTest> features;
        for (std::size_t c = 0; c < now.count(); ++c) {
            const double distance = ks_distance(reference_.at(c), now.at(c));
            features.push_back({distance, ks_p_value(reference_.rows(), now.rows(), distance, method_)});
        }
        return verdict_of_tests(std::move(features), settings_);
    }

  private:
    MonitorSettings settings_;
    KsMethod method_;
    Columns reference_;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<Ks>(settings); }

}  // namespace

const MonitorEntry& ks() {
    static const MonitorEntry entry{ks_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
