// Lays fields of noise over an image.
#pragma once

#include <array>

#include "core/image.h"

namespace misfire {

using ChannelFields = std::array<const float*, 3>;  // height x width each; a grey image uses the first

inline ChannelFields same_for_all_channels(const float* field) { return {field, field, field}; }

// trunc(clip(keep * in + gain * field, 0, 255)) for every channel. `out` has the shape of `in`.
void overlay_fields(const Image& in, const ChannelFields& fields, double keep, double gain, Image& out);

}  // namespace misfire
