#include "perturbations/table/resampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "perturbations/table/draws.h"

namespace misfire {

std::vector<std::uint32_t> reweighted_samples(const TableData& data, const std::vector<double>& weights,
                                              const std::vector<std::size_t>& order, const Random& random) {
    const std::size_t n = data.samples.size();
    std::vector<std::size_t> line = order;
    if (line.empty()) {
        line.resize(n);
        std::iota(line.begin(), line.end(), std::size_t{0});
    }
    std::vector<double> excess(n);  // cumulative, along the line
    double sum = 0.0;
    for (std::size_t k = 0; k < n; ++k)
        excess[k] = sum += std::max(0.0, weights[line[k]] * static_cast<double>(n) - 1.0);
    std::vector<std::uint32_t> shown = data.samples;
    if (sum == 0.0) return shown;
    const std::vector<float> keep = uniforms(random, n, 0), draw = uniforms(random, n, 1);
    for (std::size_t i = 0; i < n; ++i) {
        if (static_cast<double>(keep[i]) < weights[i] * static_cast<double>(n)) continue;
        const auto hit = std::upper_bound(excess.begin(), excess.end(), static_cast<double>(draw[i]) * sum);
        shown[i] = data.samples[line[static_cast<std::size_t>(hit - excess.begin())]];
    }
    return shown;
}

std::vector<double> weights_for_shares(const std::vector<std::size_t>& groups, const std::vector<double>& shares) {
    const std::vector<double> now = shares_of(groups, shares.size());
    std::vector<double> weights;
    for (const std::size_t group : groups)
        weights.push_back(shares[group] / (now[group] * static_cast<double>(groups.size())));
    return weights;
}

std::vector<double> shares_of(const std::vector<std::size_t>& groups, std::size_t count) {
    std::vector<double> shares(count, 0.0);
    for (const std::size_t group : groups) shares[group] += 1.0;
    for (double& share : shares) share /= static_cast<double>(groups.size());
    return shares;
}

std::vector<std::size_t> codes_of(const TableColumn& column, const std::vector<std::uint32_t>& samples) {
    std::vector<std::size_t> codes;
    for (const std::uint32_t row : samples) {
        const double value = column.values[row];
        codes.push_back(std::isnan(value) ? column.categories.size() : static_cast<std::size_t>(value));
    }
    return codes;
}

double share_of_other_rows(const TableData& clean, const std::vector<std::uint32_t>& samples) {
    std::size_t other = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) other += samples[i] != clean.samples[i] ? 1 : 0;
    return static_cast<double>(other) / static_cast<double>(samples.size());
}

}  // namespace misfire
