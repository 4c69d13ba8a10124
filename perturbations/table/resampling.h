// Other rows in the places of samples.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "core/table.h"

namespace misfire {

// Rows that the places of `data.samples` show when sample i is to be seen with probability weights[i] (sum 1). Place i
// keeps its own row with probability min(1, n weights[i]) and else shows a sample drawn from what the others lack: of
// all ways to reach these shares the one that changes the fewest places (maximal coupling). A place has the same two
// uniform draws whatever the weights, so when a sample's weight falls it is given up once and for all. `order`: in
// which the samples lie on the line that the second draw falls on; empty: as they are.
std::vector<std::uint32_t> reweighted_samples(const TableData& data, const std::vector<double>& weights,
                                              const std::vector<std::size_t>& order, const Random& random);

// Weights that bring samples of group g to the share shares[g]; groups[i] is the group of sample i.
std::vector<double> weights_for_shares(const std::vector<std::size_t>& groups, const std::vector<double>& shares);

// Share of each group among the rows shown.
std::vector<double> shares_of(const std::vector<std::size_t>& groups, std::size_t count);

// Code of a categorical column in each row of `samples`; the number of categories where it is missing.
std::vector<std::size_t> codes_of(const TableColumn& column, const std::vector<std::uint32_t>& samples);

// Share of the places that show another row than in `clean`.
double share_of_other_rows(const TableData& clean, const std::vector<std::uint32_t>& samples);

}  // namespace misfire
