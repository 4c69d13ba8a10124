// Units whose parameters are counts (a list of zooms, a disk on a grid, swaps of pixels) do not interpolate numbers
// between two published levels but mix what the two levels do.
#pragma once

#include <cmath>

namespace misfire {

struct LevelMix {
    int lower;      // level 0 is the clean image
    int upper;      // lower + 1, or lower at a published level
    double weight;  // of `upper`, in [0, 1)
};

// Requires 0 < severity <= 5.
inline LevelMix level_mix(double severity) {
    const int lower = static_cast<int>(std::floor(severity));
    const double weight = severity - lower;
    return {lower, weight == 0.0 ? lower : lower + 1, weight};
}

}  // namespace misfire
