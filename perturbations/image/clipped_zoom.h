// The published "clipped zoom": centred crop, enlarged by linear interpolation on a corner-aligned grid
// (scipy.ndimage.zoom of order 1), trimmed centrally to the size of the image.
#pragma once

#include <cstdint>
#include <vector>

namespace misfire {

// One axis of it: output i lies between inputs left[i] and left[i] + 1 of the whole image, `weight[i]` of the way.
// Where weight[i] is 0 the right neighbour may lie outside.
struct ZoomAxis {
    std::vector<std::int32_t> left;
    std::vector<float> weight;
    std::vector<double> exact_weight;
};

// Requires side >= 2 and factor >= 1.
ZoomAxis zoom_axis(int side, double factor);

}  // namespace misfire
