// MISFIRE_VECTOR_CLONES for loops over pixels.
#pragma once

#include "core/vector_clones.h"
