// Units against tests/python/perturbation_reference.py: an independent computation in NumPy, SciPy and Pillow with the
// same draws.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/perturbation.h"

namespace misfire::test {

// Waves, edges and grain, different for each seed.
Image textured(int height, int width, int channels, std::uint64_t seed);

// One image, perturbed by the unit at `severity` with the draws of `key`; `arguments` are the members of the JSON
// object that tell the reference about the numbers and draws behind that: `"t": 5, "order": 2`.
struct ReferenceCase {
    Image input;
    double severity = 1.0;
    std::uint64_t key = 0;
    Options options;
    std::string arguments;
};

// Draws as a JSON list.
template <typename T>
std::string list_of(std::span<const T> values);

// Fails unless at least `share` of the values of every image agree within one level.
void expect_like_reference(const std::string& unit, const std::vector<ReferenceCase>& cases, double share);

// A file of raw values that lives until the program ends.
std::string file_of(std::span<const float> values);

}  // namespace misfire::test
