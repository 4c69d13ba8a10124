// Records arrive out of order: rows change places with others of their block, and nobody sorts them.
#include <algorithm>
#include <numeric>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "block_shuffle";
    info.summary = "rows are shuffled within blocks, so that lags belong to other times than they say";
    info.domain = "series";
    info.category = "pipeline";
    info.moves = Moves::both;
    info.effect = "share of the samples that show another time's row";
    info.parameters = {share_of_the_change("of the blocks whose rows are shuffled")};
    info.options = {number_option("rows", "of a block, in [2, 100000]; blocks count from the first row", "7")};
    info.reference = "time order within blocks; our own levels";
    return info;
}

class BlockShuffle final : public TableFamily {
  public:
    explicit BlockShuffle(const Options& given)
        : TableFamily(describe(), given), block_(static_cast<std::size_t>(number("rows", 2.0, 100000.0))) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::vector<std::size_t> from = sources(clean.table.rows(), s, random);
        TableChange change{clean, 0.0};
        for (std::size_t c = 0; c < clean.table.columns.size(); ++c) {
            if (follows(clean, c)) continue;
            // A column that is seen late was shuffled when it was raw: its row r shows what stood at r - late.
            const std::size_t late = rows_late(clean, c);
            const std::vector<double>& before = clean.table.columns[c].values;
            std::vector<double>& after = change.data.table.columns[c].values;
            for (std::size_t row = late; row < after.size(); ++row) {
                const std::size_t source = from[row - late] + late;
                if (source < before.size()) after[row] = before[source];  // beyond the end nothing is known
            }
        }
        for (const std::uint32_t row : clean.samples) change.effect += from[row] != row ? 1.0 : 0.0;
        change.effect /= static_cast<double>(clean.samples.size());
        return change;
    }

    // Row that comes to stand in the place of each row. Blocks that a higher severity shuffles contain those of a
    // lower one, in the same order. The last block may be shorter.
    std::vector<std::size_t> sources(std::size_t rows, double s, const Random& random) const {
        std::vector<std::size_t> from(rows);
        std::iota(from.begin(), from.end(), std::size_t{0});
        const std::vector<float> order = uniforms(random, rows, 0);
        const std::vector<float> shuffled = uniforms(random, rows / block_ + 1, 1);
        for (std::size_t first = 0; first < rows; first += block_) {
            if (static_cast<double>(shuffled[first / block_]) >= s) continue;
            const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
            const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(first + block_, rows));
            std::stable_sort(begin, end, [&](std::size_t a, std::size_t b) { return order[a] < order[b]; });
        }
        return from;
    }

    static bool follows(const TableData& data, std::size_t column) {
        return std::any_of(data.derived.begin(), data.derived.end(), [column](const DerivedColumn& derived) {
            return derived.column == column && derived.kind != DerivedColumn::Kind::lagged;
        });
    }

    std::size_t block_;
};

}  // namespace

namespace families {
TablePerturbationEntry block_shuffle() { return {describe, make_family<BlockShuffle>}; }
}  // namespace families

}  // namespace misfire
