// Class portraits: images on which a model is as sure of a class as it can be made, by following the gradient of its
// answer uphill from noise. They are made, not found: they show what the model looks for, not what there is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/model.h"

namespace misfire {

struct PortraitOptions {
    std::vector<std::int64_t> classes;  // columns of the answer
    int variants = 1;                   // of each class, from different noise
    int steps = 200;
    std::uint64_t seed = 0;
    int threads = 1;
    // Regularisation: what keeps the pictures from becoming noise that only the model sees.
    double jitter = 1.0 / 12.0;    // of the side: the picture is moved about by up to so much at every step
    double blur = 1.0;             // scales the smoothing of the gradient, which fades out over the steps
    double total_variation = 1.0;  // scales the pull towards neighbours
};

struct Portrait {
    std::int64_t label = 0;
    int variant = 0;
    Image image;               // 8 bits, in the model's geometry
    double probability = 0.0;  // of the class, of the 8-bit image
    double at_start = 0.0;     // of the noise it began with
};

// Ordered by class, then variant. A portrait is a function of model, class, variant, seed and options, not of the other
// classes asked for or the number of threads. Throws ModelError for a model without gradient, saying why; UsageError
// for models of rows or of any size, and for classes that there are not.
std::vector<Portrait> make_portraits(const Model& model, const PortraitOptions& options);

}  // namespace misfire
