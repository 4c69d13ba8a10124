// Deployment mistakes are on or off: severity is the share of samples that they hit, 0.2 a level, so that level 5 hits
// all. Each sample draws once where it breaks and stays broken from there on.
#pragma once

#include "core/perturbation.h"
#include "core/random.h"

namespace misfire {

inline Parameter hit_share() {
    return {.name = "share",
            .unit = "fraction",
            .meaning = "of the samples that are hit; the others are as they should be",
            .identity = 0.0,
            .published = {{"any", {.2, .4, .6, .8, 1}}}};
}

inline constexpr const char* on_or_off =
    "a mistake of deployment is on or off: for one sample the damage jumps, and only the share of samples hit grows";

// `share`: the value of that parameter.
inline bool is_hit(double share, const Random& random) { return static_cast<double>(random.uniform(0)) < share; }

}  // namespace misfire
