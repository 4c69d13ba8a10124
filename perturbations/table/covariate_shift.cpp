// Other people come: rows far along a direction of the features are seen more often, each with its own label.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/family.h"
#include "perturbations/table/resampling.h"

namespace misfire {

namespace {

constexpr double steepest = 500.0;  // exp(-500 z) is as good as never, and no weight overflows (the largest is 1)

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "covariate_shift";
    info.summary = "rows far along a direction of the features are shown more often";
    info.domain = "table";
    info.category = "population";
    info.moves = Moves::both;
    info.changes_rows = true;
    info.effect = "effective sample size of the weights, over the number of samples";
    info.parameters = {
        share_of_the_change("of the loss of effective sample size: weights exp(lambda z) with lambda "
                            "such that (sum w)^2 / sum w^2 = n (1 - 0.9 s), or as near as ties allow")};
    Option side{.name = "side",
                .meaning = "which end of the direction is seen more often",
                .default_value = "high",
                .choices = {"high", "low"}};
    info.options = {columns_option("whose standardised sum is the direction z; empty: the first principal component of "
                                   "the features that hold numbers and are not computed from others"),
                    side};
    info.reference =
        "exponential tilting (Shimodaira, Journal of Statistical Planning and Inference 90, 2000) with "
        "maximal coupling of places; our own levels";
    return info;
}

std::vector<double> weights_at(const std::vector<double>& z, double lambda) {
    const double top = *std::max_element(z.begin(), z.end());
    std::vector<double> weights;
    for (const double value : z) weights.push_back(std::exp(lambda * (value - top)));
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    return weights;
}

// Over the number of weights; they sum to 1.
double effective_share(const std::vector<double>& weights) {
    double squares = 0.0;
    for (const double weight : weights) squares += weight * weight;
    return 1.0 / (squares * static_cast<double>(weights.size()));
}

// The effective share falls with lambda, so it is bracketed and halved.
double lambda_for(const std::vector<double>& z, double wanted) {
    double low = 0.0, high = 1.0;
    while (high < steepest && effective_share(weights_at(z, high)) > wanted) high = std::min(2.0 * high, steepest);
    for (int step = 0; step < 60; ++step) {
        const double middle = (low + high) / 2.0;
        (effective_share(weights_at(z, middle)) > wanted ? low : high) = middle;
    }
    return high;
}

class CovariateShift final : public TableFamily {
  public:
    explicit CovariateShift(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const std::vector<double> z = directed(clean);
        const std::vector<double> weights = weights_at(z, lambda_for(z, 1.0 - 0.9 * s));
        std::vector<std::size_t> order(z.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return z[a] < z[b]; });
        TableChange change{clean, effective_share(weights)};
        change.data.samples = reweighted_samples(clean, weights, order, random);
        return change;
    }

    // z of each sample.
    std::vector<double> directed(const TableData& clean) const {
        const std::vector<std::size_t> chosen = numeric_input_columns(clean);
        const std::vector<double> rows = text("columns").empty() ? along_the_principal_component(clean.table, chosen)
                                                                 : along_the_sum(clean.table, chosen);
        std::vector<double> z;
        for (const std::uint32_t row : clean.samples) z.push_back(text("side") == "high" ? rows[row] : -rows[row]);
        if (statistics_of(z).deviation == 0.0)
            refuse(
                "finds the same values of `" + clean.table.columns[chosen.front()].name +
                "` in every sample, so there is no direction to move along. Name columns that vary: columns: <name>.");
        return z;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry covariate_shift() { return {describe, make_family<CovariateShift>}; }
}  // namespace families

}  // namespace misfire
