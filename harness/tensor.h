// From 8-bit pixels to a model's float tensor.
#pragma once

#include <array>
#include <vector>

#include "core/image.h"

namespace misfire {

// Converts images to one model's tensor form. Immutable, thread-safe.
class TensorFiller {
  public:
    explicit TensorFiller(const TensorForm& form);

    // Writes channels x height x width floats. Grey to three channels by repetition, RGB to one by ITU-R 601 luma in
    // Pillow's integer arithmetic: (19595 R + 38470 G + 7471 B + 32768) >> 16.
    void fill(const Image& image, float* out) const;

  private:
    int channels_;
    std::vector<std::size_t> source_of_;            // per channel of the tensor: channel of the image
    std::vector<std::array<float, 256>> value_of_;  // per channel: pixel value -> normalised float
};

}  // namespace misfire
