// From the size of the images and the difficulty to the numbers that a sequence runs with.
#pragma once

#include <array>
#include <string>

#include "core/sequence.h"

namespace misfire {

inline constexpr std::size_t max_sequence_parameters = 10;
using SequenceValues = std::array<double, max_sequence_parameters>;  // in the order of SequenceInfo::parameters

// By the shorter side: up to 32 px the values of CIFAR-10-P, at 224 px those of ImageNet-P, in between linear in
// log(side) (of the reciprocal where the parameter says so), above 224 px parameters in pixel units times side / 224.
// Parameters with a single value do not depend on the difficulty.
SequenceValues sequence_values(const SequenceInfo& info, int side, int difficulty);

// How many frames the published sequence has at this size, interpolated alike and rounded.
int published_frames(const SequenceInfo& info, int side);

// For the record: "imagenet-p (224 px)", "between cifar-p (32 px) and imagenet-p (224 px) at 64 px".
std::string sequence_set(int side);

}  // namespace misfire
