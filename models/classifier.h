// The last layer of a network as weights and bias, if its outputs are the answer.
#pragma once

#include <cstdint>
#include <string>

#include "core/model.h"
#include "models/network.h"

namespace misfire {

// layer: as it was seen with `rows` rows. The answers must be weight * features + bias, their softmax or its logarithm,
// as `kind` says, to 1e-3 of the largest. Where the operator itself adds no bias, one that is added afterwards is found
// from the answers. Empty, and `why_not` filled, where the layer hides its weights or the answers are not its outputs.
Classifier classifier_of(const LastLayer& layer, std::int64_t rows, OutputKind kind, std::string& why_not);

}  // namespace misfire
