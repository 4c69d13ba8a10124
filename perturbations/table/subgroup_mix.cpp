// Another group becomes the majority: a model that serves it badly is found out.
#include "perturbations/table/family.h"
#include "perturbations/table/resampling.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "subgroup_mix";
    info.summary = "rows are shown again and left out until one group has a larger share";
    info.domain = "table";
    info.category = "population";
    info.moves = Moves::both;
    info.changes_rows = true;
    info.effect = "share of the group among the rows shown";
    info.parameters = {share_of_the_change("of the way of the group's share to 1; the others keep their proportions")};
    info.options = {{.name = "by",
                     .meaning = "column of groups; empty: the first column of categories that is not the target",
                     .default_value = "",
                     .choices = {}},
                    {.name = "toward",
                     .meaning = "group that grows; empty: the smallest one that there is",
                     .default_value = "",
                     .choices = {}}};
    info.reference = "subpopulation shift: Koh et al., WILDS, ICML 2021; our own levels";
    return info;
}

class SubgroupMix final : public TableFamily {
  public:
    explicit SubgroupMix(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const TableColumn& by = clean.table.columns[categorical_column(clean, "by")];
        const std::size_t count = by.categories.size() + 1;  // the last: missing
        const std::vector<std::size_t> groups = codes_of(by, clean.samples);
        const std::vector<double> before = shares_of(groups, count);
        const std::size_t toward = growing(by, before);
        std::vector<double> wanted;
        for (std::size_t g = 0; g < count; ++g) wanted.push_back((1.0 - s) * before[g] + (g == toward ? s : 0.0));
        TableChange change{clean, 0.0};
        change.data.samples = reweighted_samples(clean, weights_for_shares(groups, wanted), {}, random);
        change.effect = shares_of(codes_of(by, change.data.samples), count)[toward];
        return change;
    }

    std::size_t growing(const TableColumn& by, const std::vector<double>& shares) const {
        std::size_t found = by.categories.size();
        if (!text("toward").empty()) {
            found = category(by, "toward");
        } else {
            for (std::size_t g = 0; g < by.categories.size(); ++g) {
                if (shares[g] > 0.0 && (found == by.categories.size() || shares[g] < shares[found])) found = g;
            }
        }
        if (found == by.categories.size() || shares[found] == 0.0)
            refuse("finds no sample of group `" + text("toward") + "` in `" + by.name +
                   "`. Name another one in `toward`.");
        return found;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry subgroup_mix() { return {describe, make_family<SubgroupMix>}; }
}  // namespace families

}  // namespace misfire
