// Reading of the reference outputs in ../shared/golden.
#pragma once

#include <string>
#include <vector>

#include "core/image.h"

namespace misfire::test {

// 8-bit RGB file, lossless. Throws std::runtime_error when it cannot be read.
Image read_png(const std::string& path);

// One dataset (any numeric type, flattened, converted to T) or attribute of an HDF5 file. Throw std::runtime_error when
// missing.
template <typename T>
std::vector<T> read_dataset(const std::string& file, const std::string& dataset);
double read_attribute(const std::string& file, const std::string& group, const std::string& attribute);
bool has_dataset(const std::string& file, const std::string& dataset);

// uint8 [height, width, 3] dataset as an image.
Image read_image_dataset(const std::string& file, const std::string& dataset);

// How two images of equal shape differ.
struct Difference {
    std::size_t values = 0;  // that differ
    int largest = 0;         // absolute difference
    double share = 0.0;      // values / size
};
Difference difference(const Image& a, const Image& b);

}  // namespace misfire::test
