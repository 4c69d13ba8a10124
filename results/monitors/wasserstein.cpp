#include <algorithm>

#include "results/monitors/batch.h"
#include "results/monitors/running_moments.h"

namespace misfire::monitors {

namespace {

MonitorInfo wasserstein_info() {
    return {.name = "wasserstein",
            .summary = "Wasserstein-1 distance of each feature from the reference",
            .kind = MonitorKind::batch,
            .input = MonitorInput::rows,
            .reference = MonitorReference::required,
            .warns = false,
            .parameters =
                {between("threshold", "distance that alarms", "0.1", 0),
                 word("scale",
                      "sd: distances in standard deviations of the reference (at least 0.001, as evidently); none: "
                      "in units of the feature",
                      "sd", {"sd", "none"})},
            .guarantee = "none: the distance of unchanged samples falls as 1 / sqrt(rows)",
            .source = "as scipy.stats.wasserstein_distance; evidently's default for more than 1000 rows"};
}

// The integral of |F - G|; both sorted.
double distance_of(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    std::size_t i = 0;
    std::size_t j = 0;
    double at = std::min(a.front(), b.front());
    while (i < a.size() || j < b.size()) {
        const bool from_a = j == b.size() || (i < a.size() && a[i] <= b[j]);
        const double next = from_a ? a[i] : b[j];
        sum += (next - at) * std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                      static_cast<double>(j) / static_cast<double>(b.size()));
        at = next;
        ++(from_a ? i : j);
    }
    return sum;
}

class Wasserstein : public BatchMonitor {
  public:
    explicit Wasserstein(const MonitorSettings& settings) : settings_(settings) {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "wasserstein", "reference", 2);
        reference_ = Columns(reference, true);
        scale_.assign(reference_.count(), 1.0);
        if (settings_.word("scale") == "none") return;
        for (std::size_t c = 0; c < reference_.count(); ++c)
            scale_[c] = std::max(0.001, std::sqrt(moments_of(reference_.at(c)).variance(0.0)));
    }

    BatchResult test(const MonitorRows& current) const override {
        if (reference_.count() == 0) refuse_unfitted("wasserstein");
        check_rows(current, "wasserstein", "current sample", 1, reference_.count());
        const Columns now(current, true);
        std::vector<FeatureTest> features(now.count());
        for (std::size_t c = 0; c < now.count(); ++c)
            features[c].statistic = distance_of(reference_.at(c), now.at(c)) / scale_[c];
        return verdict_of_distances(std::move(features), settings_);
    }

  private:
    MonitorSettings settings_;
    Columns reference_;
    std::vector<double> scale_;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<Wasserstein>(settings); }

}  // namespace

const MonitorEntry& wasserstein() {
    static const MonitorEntry entry{wasserstein_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
