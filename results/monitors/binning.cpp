#include "results/monitors/binning.h"

#include <algorithm>
#include <cmath>

namespace misfire::monitors {

Edges quantile_edges(std::span<const double> sorted, std::size_t bins) {
    Edges edges;
    for (std::size_t b = 1; b < bins; ++b) {
        const double place =
            static_cast<double>(b) / static_cast<double>(bins) * static_cast<double>(sorted.size() - 1);
        const auto low = static_cast<std::size_t>(place);
        const std::size_t high = std::min(low + 1, sorted.size() - 1);
        edges.push_back(sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]));
    }
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

Edges width_edges(std::span<const double> sorted, std::size_t bins) {
    Edges edges;
    const double range = sorted.back() - sorted.front();
    if (range == 0.0) return edges;
    for (std::size_t b = 1; b < bins; ++b)
        edges.push_back(sorted.front() + range * (static_cast<double>(b) / static_cast<double>(bins)));
    return edges;
}

std::size_t sturges_bins(std::span<const double> sorted) {
    if (sorted.back() == sorted.front()) return 1;
    return static_cast<std::size_t>(std::ceil(std::log2(static_cast<double>(sorted.size())) + 1.0));
}

std::size_t doane_bins(std::span<const double> sorted) {
    const auto n = static_cast<double>(sorted.size());
    if (sorted.size() < 3 || sorted.back() == sorted.front()) return 1;
    double mean = 0.0;
    for (const double value : sorted) mean += value / n;
    double second = 0.0;
    double third = 0.0;
    for (const double value : sorted) {
        const double off = value - mean;
        second += off * off / n;
        third += off * off * off / n;
    }
    const double skewness = std::abs(third / std::pow(second, 1.5));
    const double error = std::sqrt(6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0)));
    return static_cast<std::size_t>(std::ceil(1.0 + std::log2(n) + std::log2(1.0 + skewness / error)));
}

std::vector<double> shares(std::span<const double> sorted, const Edges& edges) {
    std::vector<double> out;
    std::size_t before = 0;
    for (std::size_t b = 0; b <= edges.size(); ++b) {
        const auto upto = b == edges.size() ? sorted.end() : std::lower_bound(sorted.begin(), sorted.end(), edges[b]);
        const auto count = static_cast<std::size_t>(upto - sorted.begin());
        out.push_back(static_cast<double>(count - before) / static_cast<double>(sorted.size()));
        before = count;
    }
    return out;
}

}  // namespace misfire::monitors
