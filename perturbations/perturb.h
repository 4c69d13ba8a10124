// The door through which everybody perturbs an image.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/perturbation.h"

namespace misfire {

constexpr int min_perturbed_side = 16;  // px

// Writes the perturbed `in` to `out` (any previous content and shape; not the same object as `in`). Severity 0 copies
// bit for bit. Pure in (unit, in, severity, random) and thread-safe with one Scratch per thread. Throws UsageError when
// the severity is not in [0, max_severity], DataError when the image is smaller than 16 px on a side, has neither one
// nor three channels, or when OpenCV refuses it.
void perturb(const Perturbation& unit, const Image& in, Image& out, double severity, const Random& random,
             Scratch& scratch);

// Key of the draws of one sample in one unit at one place of a chain (0 for a unit on its own): the same at every
// severity, so each sample follows one path from clean to broken.
std::uint64_t perturbation_key(std::uint64_t run_seed, const PerturbationInfo& info, std::uint32_t chain_position,
                               std::string_view sample_id);

// The same with draws of their own at each severity (`independent_levels: true`), as in the published sets.
std::uint64_t perturbation_key(std::uint64_t run_seed, const PerturbationInfo& info, std::uint32_t chain_position,
                               std::string_view sample_id, double level);

}  // namespace misfire
