// More or less light.
#pragma once

#include "core/image.h"

namespace misfire {

// V of hexcone HSV plus `added` (fraction of white, either sign), clipped; hue and saturation stay. Grey: the value.
void brighten_image(const Image& in, double added, Image& out);

}  // namespace misfire
