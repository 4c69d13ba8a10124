// What families need to know about the values of a column. Missing values are left out everywhere.
#pragma once

#include <span>
#include <vector>

#include "core/table.h"

namespace misfire {

struct ColumnStatistics {
    std::size_t known = 0;  // values that are not missing; the rest is 0 where there are none
    double mean = 0.0;
    double deviation = 0.0;  // of the population: divided by `known`
    double smallest = 0.0;
    double largest = 0.0;
};

ColumnStatistics statistics_of(std::span<const double> values);

// Quantile in [0, 1], a straight line between the two nearest values (type 7 of Hyndman and Fan, NumPy's default); NaN
// where nothing is known.
double quantile(std::span<const double> values, double at);

// One number a row: how far it lies along a direction of the columns, with mean 0 and deviation 1 over the rows. The
// direction is the sum of the standardised columns, in which a missing value counts as the mean. All 0 where the
// columns do not vary.
std::vector<double> along_the_sum(const Table& table, const std::vector<std::size_t>& columns);

// The same along the first principal component of the standardised columns, signed so that its largest weight is
// positive.
std::vector<double> along_the_principal_component(const Table& table, const std::vector<std::size_t>& columns);

}  // namespace misfire
