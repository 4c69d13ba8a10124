// Noise with a given spectrum and random phases.
//
// The transform is OpenCV's, in single precision: its last bits may differ between instruction sets, so one pixel in
// ten thousands may come out one level apart there (or, under a threshold, on the other side of it).
#pragma once

#include "core/perturbation.h"

namespace misfire {

// Amplitude against d, the frequency in periods per shorter side.
enum class Spectrum {
    blue,     // d
    brownish  // 1 / (d^2 + 1)
};

// Fills `field` (height x width) with noise of standard deviation 1; brownish noise keeps its mean. The phases are the
// uniform draws of `stream`, one for each of the left half of the spectrum with its origin in the middle, row by row;
// the other half repeats them, turned about the middle (published so: the field is the real part of a transform whose
// input is not quite conjugate symmetric).
//
// Sides that are odd or have prime factors above 7 are cut out of the next larger grid. Uses floats 3.
void spectral_noise(int height, int width, Spectrum spectrum, const Random& random, std::uint32_t stream,
                    std::vector<float>& field, Scratch& scratch);

}  // namespace misfire
