// Histograms of numeric features: edges by the rules that drift tools use, and shares of a sample in their bins.
#pragma once

#include <span>
#include <vector>

namespace misfire::monitors {

// Inner edges, ascending and distinct: bin b holds edges[b - 1] <= x < edges[b], as numpy's; the first and the last bin
// are open.
using Edges = std::vector<double>;

// Quantiles of the sample at 1/bins, 2/bins ... (linear interpolation); equal ones are merged. Requires sorted values.
Edges quantile_edges(std::span<const double> sorted, std::size_t bins);

// The range of the sample in bins of equal width.
Edges width_edges(std::span<const double> sorted, std::size_t bins);

// Numbers of bins for n values as numpy's rules of these names: Doane looks at the skewness, Sturges at n only.
std::size_t doane_bins(std::span<const double> sorted);
std::size_t sturges_bins(std::span<const double> sorted);

// Share of the sorted values in each of edges.size() + 1 bins.
std::vector<double> shares(std::span<const double> sorted, const Edges& edges);

}  // namespace misfire::monitors
