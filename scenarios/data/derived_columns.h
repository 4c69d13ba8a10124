// Columns computed from other columns.
#pragma once

#include <string>

#include "core/table.h"

namespace misfire {

// "lag(Load,7)", "rolling_mean(Load,7)" (the 7 values before the row), "rolling_mean(Load,7,2)" (ending 2 rows before)
// or "lagged(14)". Throws DataError naming the column, what is wrong and the remedy: unknown function or column, a
// number of steps that is not in 1..rows - 1.
DerivedColumn parse_derived(const Table& table, const std::string& column, const std::string& text);

// Computes every lag and rolling mean of `data` again from the columns they come from. Rows whose history lies before
// the table keep what they have. Values that are missing make what is computed from them missing.
void recompute_derived(TableData& data);

// Rows before the first one for which `derived` can be computed.
std::size_t history_of(const DerivedColumn& derived);

}  // namespace misfire
