// Data sets in NumPy arrays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/dataset.h"
#include "scenarios/data/npy.h"
#include "scenarios/data/spec.h"

namespace misfire {

// Images in one array, uint8 [n, height, width] or [n, height, width, 1 or 3], read as they are asked for.
class ImageArray {
  public:
    // Throws DataError when type or shape are others; the message says how to convert.
    explicit ImageArray(const std::filesystem::path& file);
    std::size_t size() const { return array_.shape()[0]; }
    Image at(std::size_t row) const;
    const NpyArray& array() const { return array_; }

  private:
    NpyArray array_;
    Image shape_;  // without pixels
};

// A one-dimensional integer array out of a .npy file. Throws DataError when it is another.
std::vector<std::int64_t> read_label_array(const std::filesystem::path& file);

// Sample ids are row numbers.
std::unique_ptr<Dataset> open_image_array(const DataSpec& spec);

}  // namespace misfire
