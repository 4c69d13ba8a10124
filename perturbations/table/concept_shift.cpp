// The same features come to mean something else.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "concept_shift";
    info.summary = "labels change in one part of the feature space (classes), or along it (numbers)";
    info.domain = "table";
    info.category = "population";
    info.moves = Moves::labels;
    info.effect = "share of labels changed, or mean absolute change of the target in its standard deviations";
    info.parameters = {share_of_the_change(
        "of the rows whose label becomes another one: those farthest along the direction z; of a target that is a "
        "number: s b sd z is added to it")};
    info.options = {number_option("b",
                                  "slope at severity 5 of a target that is a number, in its standard deviations "
                                  "for one of z; in [-100, 100]",
                                  "0.5"),
                    columns_option("whose standardised sum is the direction z; empty: the first principal component of "
                                   "the features that hold numbers and are not computed from others")};
    info.reference = "concept drift: Gama et al., ACM Computing Surveys 46(4), 2014; our own levels";
    return info;
}

class ConceptShift final : public TableFamily {
  public:
    explicit ConceptShift(const Options& given) : TableFamily(describe(), given), slope_(number("b", -100.0, 100.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::vector<std::size_t> chosen = numeric_input_columns(clean);
        const std::vector<double> z = text("columns").empty() ? along_the_principal_component(clean.table, chosen)
                                                              : along_the_sum(clean.table, chosen);
        if (statistics_of(z).deviation == 0.0)
            refuse("finds the same values of `" + clean.table.columns[chosen.front()].name +
                   "` in every row, so there is no direction to move along. Name columns that vary: columns: <name>.");
        return clean.classification ? flip(clean, z, s, random) : tilt(clean, z, s);
    }

    TableChange flip(const TableData& clean, const std::vector<double>& z, double s, const Random& random) const {
        const std::size_t classes = clean.table.columns[clean.target].categories.size();
        if (classes < 2) refuse("changes labels, and the target has one class only. Take data of two classes or more.");
        std::vector<std::uint32_t> order = clean.samples;
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return z[a] > z[b]; });
        const auto flipped = static_cast<std::size_t>(std::lround(s * static_cast<double>(order.size())));
        std::vector<std::int32_t> step(z.size());
        random.integers(step, 1, static_cast<std::int32_t>(classes), 0);
        TableChange change{clean, static_cast<double>(flipped) / static_cast<double>(order.size())};
        std::vector<double>& labels = change.data.table.columns[clean.target].values;
        for (std::size_t k = 0; k < flipped; ++k) {
            const std::uint32_t row = order[k];
            labels[row] = std::fmod(labels[row] + step[row], static_cast<double>(classes));
        }
        return change;
    }

    TableChange tilt(const TableData& clean, const std::vector<double>& z, double s) const {
        TableChange change{clean, 0.0};
        std::vector<double>& values = change.data.table.columns[clean.target].values;
        const double scale = s * slope_ * statistics_of(values).deviation;
        for (std::size_t row = 0; row < values.size(); ++row) values[row] += scale * z[row];
        for (const std::uint32_t row : clean.samples) change.effect += std::abs(s * slope_ * z[row]);
        change.effect /= static_cast<double>(clean.samples.size());
        return change;
    }

    double slope_;
};

}  // namespace

namespace families {
TablePerturbationEntry concept_shift() { return {describe, make_family<ConceptShift>}; }
}  // namespace families

}  // namespace misfire
