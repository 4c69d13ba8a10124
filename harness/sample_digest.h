// What a decoded sample holds, as a number: to notice that a file changed, or that a sample is in two sets.
#pragma once

#include <cstdint>

#include "core/dataset.h"

namespace misfire {

// Of shape and pixels, or of the numbers of a row and its target.
std::uint64_t content_digest(const Sample& sample);

}  // namespace misfire
