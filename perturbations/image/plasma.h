// Plasma fractal by diamond-square on a torus: the fog of ImageNet-C.
#pragma once

#include <vector>

#include "core/random.h"

namespace misfire {

struct Plasma {
    int side;                        // px, a power of two
    const std::vector<double>* map;  // side x side, not yet normalised
    double low;                      // smallest and largest value of the map
    double high;
};

// A side x side map, the draws from `stream` in the published order: per level all square centres, then the diamonds on
// the rows of the corners, then those on the columns. The map lives in `grid` or `other`; all buffers are overwritten.
Plasma plasma_fractal(int side, double wibble_decay, const Random& random, std::uint32_t stream,
                      std::vector<double>& grid, std::vector<double>& other, std::vector<double>& centres,
                      std::vector<float>& uniform);

}  // namespace misfire
