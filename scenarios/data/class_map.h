// Which output of a model answers for which class of the data, where the two do not simply agree (200 of 1000 ImageNet
// classes, ...).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/dataset.h"

namespace misfire {

// Reads a CSV of two columns, with or without `class,output` as the first row: the class of the data by name or index,
// the model's output by index or by name. Returns the output for each class 0 .. count - 1 of the data. Rows about
// classes that the data does not have are passed over (one map serves subsets). Throws DataError naming the line:
// unknown output, output out of range, a class mapped twice, two classes on one output, a class of the data that the
// map leaves out.
std::vector<std::int64_t> read_class_map(const std::filesystem::path& file, const DatasetInfo& data, std::int64_t count,
                                         const std::vector<std::string>& model_classes, std::int64_t outputs);

}  // namespace misfire
