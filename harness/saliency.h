// Where a model looks: maps of how much each pixel counts for one answer, and what is left of the answer when the
// pixels that count most are taken away.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/model.h"

namespace misfire {

enum class SaliencyMethod {
    occlusion,       // loss of log-probability when a patch is covered, averaged over the patches that cover a pixel
    gradient_input,  // gradient of the answer times the input, summed over channels (Shrikumar and others, 2016)
    smoothgrad       // mean gradient over noisy copies, absolute, summed over channels (Smilkov and others, 2017)
};

const char* name_of(SaliencyMethod method);  // "occlusion", "gradient_input", "smoothgrad"

struct SaliencyOptions {
    std::vector<SaliencyMethod> methods = {SaliencyMethod::occlusion, SaliencyMethod::gradient_input,
                                           SaliencyMethod::smoothgrad};
    double patch = 0.125;   // side of an occluding square, as a share of the shorter side of the image
    int noisy_copies = 32;  // of SmoothGrad
    double noise = 0.15;    // its standard deviation, as a share of the range of the input's values
    double removed = 0.1;   // share of pixels that SaliencyMap::drop is about
    std::uint64_t seed = 0;
};

struct SaliencyMap {
    SaliencyMethod method = SaliencyMethod::occlusion;
    std::string skipped;        // why there is none, "" where there is one
    std::vector<float> values;  // [height, width]; large: counts for the answer, negative: against it
    double drop = 0.0;          // probability lost when the share `removed` of the pixels that counts most is removed
    std::vector<double> deletion;  // probability with 0, 10, .. 100 % removed, most important first
    double deletion_area = 0.0;    // mean of that curve (trapezoid): small when the map is right
};

struct Explanation {
    std::int64_t label = 0;    // class that is explained
    double probability = 0.0;  // of it, for the whole image
    std::int64_t prediction = 0;
    double confidence = 0.0;
    double random_drop = 0.0;  // as SaliencyMap::drop, with pixels in random order (mean of eight orders)
    std::vector<SaliencyMap> maps;
};

// Explains one answer to an image in the model's geometry. label: -1 explains what the model predicts. What is removed
// or covered gets the mean colour of the image. Methods that need a gradient are skipped where the model has none. A
// function of model, image, label, seed and options. Throws UsageError for models of rows and classes that there are
// not, ModelError.
Explanation explain(const Model& model, const Image& image, std::int64_t label, const SaliencyOptions& options);

// The map as colours over the greyed image: nothing where it is negative or below its median, dark red to bright
// yellow up to its largest values.
Image overlay(const Image& image, const std::vector<float>& values);

}  // namespace misfire
