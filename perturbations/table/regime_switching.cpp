// Rules come and go: the series changes between two levels at random times.
#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

constexpr std::uint32_t renewal_stream = 0, regime_stream = 1;

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "regime_switching";
    info.summary = "the target and all that is seen of it late change between their level and another at random times";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "share of the rows after the onset that lie in the altered regime";
    info.parameters = {share_of_the_change("of the rows in the altered regime, in the long run")};
    info.options = {onset_option(), number_option("level", "of the altered regime, a factor in [0, 10]", "0.5"),
                    number_option("stay",
                                  "probability of a row to keep the regime of the row before without a new "
                                  "draw, in [0, 1)",
                                  "0.97"),
                    columns_option("that change; empty: the target and the columns declared as lagged(..)")};
    info.reference =
        "two-state Markov chain (Hamilton, Econometrica 57(2), 1989) with transition probabilities "
        "(1 - stay) s into and (1 - stay)(1 - s) out of the altered regime; our own levels";
    return info;
}

class RegimeSwitching final : public TableFamily {
  public:
    explicit RegimeSwitching(const Options& given)
        : TableFamily(describe(), given), level_(number("level", 0.0, 10.0)), stay_(number("stay", 0.0, 0.999999)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::size_t onset = onset_row(clean);
        const std::vector<bool> altered = regimes(clean.table.rows(), onset, s, random);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean))
            scale_behaviour(change.data, column, [&](std::size_t row) { return altered[row] ? level_ : 1.0; });
        for (std::size_t row = onset; row < altered.size(); ++row) change.effect += altered[row] ? 1.0 : 0.0;
        change.effect /= static_cast<double>(altered.size() - onset);
        return change;
    }

    // When regimes are drawn anew does not depend on s, and a draw below s is the altered one: a higher s alters a
    // superset of the rows.
    std::vector<bool> regimes(std::size_t rows, std::size_t onset, double s, const Random& random) const {
        const std::vector<float> renewal = uniforms(random, rows, renewal_stream);
        const std::vector<float> regime = uniforms(random, rows, regime_stream);
        std::vector<bool> altered(rows, false);
        for (std::size_t row = onset; row < rows; ++row) {
            const bool drawn = row == onset || static_cast<double>(renewal[row]) >= stay_;
            altered[row] = drawn ? static_cast<double>(regime[row]) < s : altered[row - 1];
        }
        return altered;
    }

    double level_, stay_;
};

}  // namespace

namespace families {
TablePerturbationEntry regime_switching() { return {describe, make_family<RegimeSwitching>}; }
}  // namespace families

}  // namespace misfire
