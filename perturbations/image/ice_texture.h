// Procedural frost: feathered crystals that grow from the rims and from seeds over a pane, over a haze.
#pragma once

#include <opencv2/core.hpp>

namespace misfire {

// 8-bit RGB, 600 rows x 900 columns; the same for the same `number`.
cv::Mat ice_texture(int number);

}  // namespace misfire
