// Flakes over a whitened picture, with every number in the caller's hand.
#pragma once

#include "core/perturbation.h"

namespace misfire {

struct Snowfall {
    double mean, deviation;  // of the normal field (stream 0 of the draws)
    double zoom;             // size of a flake, at least 1
    double threshold;        // the field below this is no flake
    double radius, sigma;    // px, of the streaks
    double angle_degrees;    // of the streaks
    double mix;              // share of the picture as it is; the rest is whitened
    double opacity;          // of the flakes, 0 to 1
};

// Uses floats 0, doubles 0 and bytes 0 and 1 of the scratch.
void let_snow_fall(const Image& in, const Snowfall& snowfall, const Random& random, Image& out, Scratch& scratch);

}  // namespace misfire
