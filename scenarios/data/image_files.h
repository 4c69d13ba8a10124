// Data sets of image files in folders.
#pragma once

#include <memory>

#include "core/dataset.h"
#include "scenarios/data/spec.h"

namespace misfire {

// Class = first folder below spec.images (deeper folders are allowed), classes in byte order as torchvision has them,
// or in the order of spec.classes. Hidden files, folders and files that are no images by their extension are passed
// over; links are followed. With labels_none the images may lie anywhere.
std::unique_ptr<Dataset> open_image_folder(const DataSpec& spec);

// Samples are the rows of spec.labels_csv; a row whose file is missing is a sample that cannot be read.
std::unique_ptr<Dataset> open_image_table(const DataSpec& spec);

}  // namespace misfire
