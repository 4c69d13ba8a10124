// The top-5 distance of two rankings.
#pragma once

#include <span>

namespace misfire {

inline constexpr std::size_t top5_places = 5;
inline constexpr int largest_top5_distance = 15;  // no class of the one is among the five of the other

// Sum over places i = 0..4 of |i - min(r(i), 5)|, r(i) the place that class number i of `first` has in `second`
// (Hendrycks and Dietterich, ICLR 2019, section 4.3). Both: five class indices, the largest output first; NaN (five of
// them) stands for an output that is not finite, which is as far as can be from every ranking and equal to its like.
int top5_distance(std::span<const float> first, std::span<const float> second);

}  // namespace misfire
