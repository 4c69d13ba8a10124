#include <algorithm>
#include <numbers>

#include "results/monitors/batch.h"
#include "results/monitors/binning.h"

namespace misfire::monitors {

namespace {

MonitorInfo jensen_shannon_info() {
    return {.name = "jensen_shannon",
            .summary = "Jensen-Shannon distance of each feature from the reference over bins",
            .kind = MonitorKind::batch,
            .input = MonitorInput::rows,
            .reference = MonitorReference::required,
            .warns = false,
            .parameters =
                {between("threshold", "distance (the root of the divergence) that alarms", "0.1", 0, 1),
                 word("bins",
                      "doane: over the range of the reference, and one for all that lies outside (NannyML); sturges: "
                      "over the range of both samples (evidently); values: each value is a category",
                      "doane", {"doane", "sturges", "values"}),
                 word("base", "of the logarithm: 2 (distances up to 1, NannyML) or e (up to 0.833, evidently)", "2",
                      {"2", "e"})},
            .guarantee = "none: the distance grows with the number of bins and falls with the number of rows",
            .source =
                "Lin, Divergence measures based on the Shannon entropy, IEEE TIT 37, 1991; as "
                "scipy.spatial.distance.jensenshannon"};
}

double distance_of(const std::vector<double>& p, const std::vector<double>& q) {
    double divergence = 0.0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double middle = 0.5 * (p[i] + q[i]);
        if (p[i] > 0.0) divergence += 0.5 * p[i] * std::log(p[i] / middle);
        if (q[i] > 0.0) divergence += 0.5 * q[i] * std::log(q[i] / middle);
    }
    return std::sqrt(std::max(0.0, divergence));
}

// One bin per value.
Edges value_edges(const std::vector<double>& pooled) {
    Edges edges(std::upper_bound(pooled.begin(), pooled.end(), pooled.front()), pooled.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

class JensenShannon : public BatchMonitor {
  public:
    explicit JensenShannon(const MonitorSettings& settings) : settings_(settings) {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "jensen_shannon", "reference", 2);
        reference_ = Columns(reference, true);
    }

    BatchResult test(const MonitorRows& current) const override {
        if (reference_.count() == 0) refuse_unfitted("jensen_shannon");
        check_rows(current, "jensen_shannon", "current sample", 1, reference_.count());
        const Columns now(current, true);
        const double scale = settings_.word("base") == "2" ? 1.0 / std::sqrt(std::numbers::ln2) : 1.0;
        std::vector<FeatureTest> features(now.count());
        for (std::size_t c = 0; c < now.count(); ++c)
            features[c].statistic = scale * distance(reference_.at(c), now.at(c));
        return verdict_of_distances(std::move(features), settings_);
    }

  private:
    double distance(const std::vector<double>& before, const std::vector<double>& after) const {
        if (settings_.word("bins") == "doane") return distance_within_reference(before, after);
        std::vector<double> pooled(before.size() + after.size());
        std::merge(before.begin(), before.end(), after.begin(), after.end(), pooled.begin());
        const Edges edges =
            settings_.word("bins") == "values" ? value_edges(pooled) : width_edges(pooled, sturges_bins(pooled));
        return distance_of(shares(before, edges), shares(after, edges));
    }

    static double distance_within_reference(const std::vector<double>& before, const std::vector<double>& after) {
        const Edges edges = width_edges(before, doane_bins(before));
        const auto first = std::lower_bound(after.begin(), after.end(), before.front());
        const auto last = std::upper_bound(first, after.end(), before.back());
        const std::vector<double> inside(first, last);
        const double share = static_cast<double>(inside.size()) / static_cast<double>(after.size());
        std::vector<double> p = shares(before, edges);
        std::vector<double> q = inside.empty() ? std::vector<double>(p.size(), 0.0) : shares(inside, edges);
        for (double& bin : q) bin *= share;
        p.push_back(0.0);
        q.push_back(1.0 - share);
        return distance_of(p, q);
    }

    MonitorSettings settings_;
    Columns reference_;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) {
    return std::make_unique<JensenShannon>(settings);
}

}  // namespace

const MonitorEntry& jensen_shannon() {
    static const MonitorEntry entry{jensen_shannon_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
