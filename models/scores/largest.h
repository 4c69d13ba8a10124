// The largest activations of a sample.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace misfire::scores {

// Indices of the k largest values, of equal ones those that come first, in no particular order. Requires k <= size.
inline std::vector<std::uint32_t> largest_places(std::span<const double> values, std::size_t k) {
    std::vector<std::uint32_t> places(values.size());
    std::iota(places.begin(), places.end(), 0U);
    if (k < places.size()) {
        std::nth_element(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(k), places.end(),
                         [&](std::uint32_t a, std::uint32_t b) {
                             return values[a] > values[b] || (values[a] == values[b] && a < b);
                         });
        places.resize(k);
        std::sort(places.begin(), places.end());  // sums are taken in this order, whatever nth_element left
    }
    return places;
}

inline double sum_of(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace misfire::scores
