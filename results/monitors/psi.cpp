#include <algorithm>

#include "results/monitors/batch.h"
#include "results/monitors/binning.h"

namespace misfire::monitors {

namespace {

MonitorInfo psi_info() {
    return {.name = "psi",
            .summary = "population stability index of each feature over bins of the reference",
            .kind = MonitorKind::batch,
            .input = MonitorInput::rows,
            .reference = MonitorReference::required,
            .warns = false,
            .parameters = {between("threshold", "index that alarms; 0.1 and 0.2 to 0.25 are folklore", "0.2", 0),
                           whole("bins", "bins of the reference; the outer ones are open", "10", 2, 10000),
                           word("edges", "quantile: as much of the reference in each bin; width: equal widths",
                                "quantile", {"quantile", "width"}),
                           between("floor", "share that an empty bin counts with", "0.0001", 0, 0.1)},
            .guarantee =
                "none: the index grows with the number of bins and falls with the number of rows; unchanged samples "
                "of n and m rows give about (bins - 1) (1/n + 1/m)",
            .source = "Siddiqi, Credit risk scorecards, 2006; floor as evidently"};
}

class Psi : public BatchMonitor {
  public:
    explicit Psi(const MonitorSettings& settings) : settings_(settings) {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "psi", "reference", 2);
        const Columns columns(reference, true);
        edges_.clear();
        shares_.clear();
        for (std::size_t c = 0; c < columns.count(); ++c) {
            const std::size_t bins = settings_.whole("bins");
            edges_.push_back(settings_.word("edges") == "quantile" ? quantile_edges(columns.at(c), bins)
                                                                   : width_edges(columns.at(c), bins));
            shares_.push_back(floored(shares(columns.at(c), edges_.back())));
        }
    }

    BatchResult test(const MonitorRows& current) const override {
        if (edges_.empty()) refuse_unfitted("psi");
        check_rows(current, "psi", "current sample", 1, edges_.size());
        const Columns now(current, true);
        std::vector<FeatureTest> features(now.count());
        for (std::size_t c = 0; c < now.count(); ++c) {
            const std::vector<double> after = floored(shares(now.at(c), edges_[c]));
            features[c].statistic = 0.0;
            for (std::size_t b = 0; b < after.size(); ++b)
                features[c].statistic += (shares_[c][b] - after[b]) * std::log(shares_[c][b] / after[b]);
        }
        return verdict_of_distances(std::move(features), settings_);
    }

  private:
    std::vector<double> floored(std::vector<double> bins) const {
        for (double& share : bins) {
            if (share == 0.0) share = settings_.number("floor");
        }
        return bins;
    }

    MonitorSettings settings_;
    std::vector<Edges> edges_;
    std::vector<std::vector<double>> shares_;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<Psi>(settings); }

}  // namespace

const MonitorEntry& psi() {
    static const MonitorEntry entry{psi_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
