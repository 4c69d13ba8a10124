// A join went wrong: some rows are there several times, others not at all.
#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"
#include "perturbations/table/resampling.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "duplicated_rows";
    info.summary = "samples are replaced by copies of other samples";
    info.domain = "table";
    info.category = "population";
    info.moves = Moves::both;
    info.changes_rows = true;
    info.effect = "share of the samples that show another one's row";
    info.parameters = {share_of_the_change("of the samples that are replaced")};
    info.reference = "our own levels";
    return info;
}

class DuplicatedRows final : public TableFamily {
  public:
    explicit DuplicatedRows(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::size_t n = clean.samples.size();
        if (n < 2) refuse("copies samples over others, and there is only one. Take more data.");
        const std::vector<float> replaced = uniforms(random, n, 0);
        std::vector<std::int32_t> other(n);
        random.integers(other, 0, static_cast<std::int32_t>(n) - 1, 1);
        TableChange change{clean, 0.0};
        for (std::size_t i = 0; i < n; ++i) {
            if (static_cast<double>(replaced[i]) >= s) continue;
            const auto from = static_cast<std::size_t>(other[i]);
            change.data.samples[i] = clean.samples[from < i ? from : from + 1];
        }
        change.effect = share_of_other_rows(clean, change.data.samples);
        return change;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry duplicated_rows() { return {describe, make_family<DuplicatedRows>}; }
}  // namespace families

}  // namespace misfire
