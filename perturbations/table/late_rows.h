// Columns that report what was true some rows before.
#pragma once

#include <cmath>
#include <vector>

namespace misfire {

// Value of row r becomes that of row r - `rows`; the first rows repeat the oldest value that is known. `rows` below 0:
// the value of a later row, the last rows repeating the last one.
inline std::vector<double> delayed(const std::vector<double>& values, std::ptrdiff_t rows) {
    const auto size = static_cast<std::ptrdiff_t>(values.size());
    std::ptrdiff_t oldest = 0, newest = size - 1;
    while (oldest < size && std::isnan(values[static_cast<std::size_t>(oldest)])) ++oldest;
    while (newest > 0 && std::isnan(values[static_cast<std::size_t>(newest)])) --newest;
    std::vector<double> result = values;
    if (oldest == size) return result;
    for (std::ptrdiff_t row = oldest; row <= newest; ++row) {
        const std::ptrdiff_t from = row - rows < oldest ? oldest : row - rows > newest ? newest : row - rows;
        result[static_cast<std::size_t>(row)] = values[static_cast<std::size_t>(from)];
    }
    return result;
}

}  // namespace misfire
