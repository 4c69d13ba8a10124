// Other classes become common, and each of them looks as ever.
#include <algorithm>
#include <cmath>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"
#include "perturbations/table/resampling.h"

namespace misfire {

namespace {

constexpr std::uint32_t prior_stream = 2;

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "prior_shift";
    info.summary = "rows are shown again and left out until the classes have other shares";
    info.domain = "table";
    info.category = "population";
    info.moves = Moves::both;
    info.changes_rows = true;
    info.effect = "total variation distance between the shares of classes shown and those before";
    info.parameters = {share_of_the_change("of the way from the shares pi of the classes to pi': (1 - s) pi + s pi'")};
    info.options = {{.name = "toward",
                     .meaning = "class that pi' consists of; empty: pi' is drawn, all shares being equally likely "
                                "(Dirichlet(1))",
                     .default_value = "",
                     .choices = {}}};
    info.reference = "label shift: Lipton, Wang and Smola, ICML 2018; Rabanser et al., NeurIPS 2019; our own levels";
    return info;
}

class PriorShift final : public TableFamily {
  public:
    explicit PriorShift(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const TableColumn& target = clean.table.columns[clean.target];
        if (!clean.classification)
            refuse("changes the shares of classes, and the target `" + target.name +
                   "` is a number. Take covariate_shift, or data of `task: classification`.");
        const std::size_t classes = target.categories.size();
        const std::vector<std::size_t> labels = codes_of(target, clean.samples);
        const std::vector<double> before = shares_of(labels, classes);
        std::vector<double> wanted = aim(target, before, random);
        for (std::size_t c = 0; c < classes; ++c) wanted[c] = (1.0 - s) * before[c] + s * wanted[c];
        TableChange change{clean, 0.0};
        change.data.samples = reweighted_samples(clean, weights_for_shares(labels, wanted), {}, random);
        const std::vector<double> after = shares_of(codes_of(target, change.data.samples), classes);
        for (std::size_t c = 0; c < classes; ++c) change.effect += std::abs(after[c] - before[c]) / 2.0;
        return change;
    }

    std::vector<double> aim(const TableColumn& target, const std::vector<double>& before, const Random& random) const {
        std::vector<double> shares(before.size(), 0.0);
        if (text("toward").empty()) {
            // Gaps between sorted uniforms are Dirichlet(1).
            std::vector<std::size_t> present;
            for (std::size_t c = 0; c < before.size(); ++c) {
                if (before[c] > 0.0) present.push_back(c);
            }
            std::vector<float> cuts = uniforms(random, present.size() - 1, prior_stream);
            std::sort(cuts.begin(), cuts.end());
            cuts.push_back(1.0F);
            double last = 0.0;
            for (std::size_t k = 0; k < present.size(); ++k) {
                shares[present[k]] = static_cast<double>(cuts[k]) - last;
                last = static_cast<double>(cuts[k]);
            }
            return shares;
        }
        const std::size_t toward = category(target, "toward");
        if (before[toward] == 0.0)
            refuse("cannot show more of class `" + text("toward") +
                   "`, which no sample has. Name another one in `toward`.");
        shares[toward] = 1.0;
        return shares;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry prior_shift() { return {describe, make_family<PriorShift>}; }
}  // namespace families

}  // namespace misfire
