// What a program consists of, without running it.
#pragma once

#include <cstdint>

#include "models/torch_headers.h"

namespace misfire {

struct Census {
    std::int64_t parameters =
        0;  // numbers in parameters and packed weights; in buffers or constants where there are neither
    bool quantised = false;               // has packed weights or runs quantized:: operators
    std::int64_t first_weight_width = 0;  // columns of the first matrix among the weights, 0 if there is none
};

Census take_census(const torch::jit::Module& module);

}  // namespace misfire
