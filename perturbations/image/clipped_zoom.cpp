#include "perturbations/image/clipped_zoom.h"

#include <algorithm>
#include <cmath>

namespace misfire {

ZoomAxis zoom_axis(int side, double factor) {
    const int crop = std::clamp(static_cast<int>(std::ceil(side / factor)), 1, side);
    const int first = (side - crop) / 2;
    // nearbyint rounds half to even, as Python does for the enlarged side
    const int enlarged = std::max(side, static_cast<int>(std::nearbyint(crop * factor)));
    const int trimmed = (enlarged - side) / 2;
    const double step = enlarged > 1 ? static_cast<double>(crop - 1) / (enlarged - 1) : 0.0;
    ZoomAxis axis;
    for (int i = 0; i < side; ++i) {
        const double position = std::min(step * (trimmed + i), static_cast<double>(crop - 1));
        const double left = std::floor(position);
        axis.left.push_back(first + static_cast<std::int32_t>(left));
        axis.exact_weight.push_back(position - left);
        axis.weight.push_back(static_cast<float>(position - left));
    }
    return axis;
}

}  // namespace misfire
