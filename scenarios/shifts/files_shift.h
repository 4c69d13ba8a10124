// Shifted data that exists already: CIFAR-10-C arrays, ImageNet-C trees, sibling domains.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/shift.h"

namespace misfire {

struct FilesSpec {
    // cifar_c:    <root>/<corruption>.npy, uint8 [5 n, height, width, 3], severity 1 first, beside labels.npy ([5 n] or
    // [n]). imagenet_c: <root>/<corruption>/<severity>/<relative path of the clean image>; corruptions may lie one
    // folder deeper, as in
    //             the released archives (noise/gaussian_noise/1/...).
    // folders:    <root>/<domain>/<relative path of the clean image>: one shift whose levels are the domains.
    enum class Form { cifar_c, imagenet_c, folders };
    std::filesystem::path root;
    Form form = Form::cifar_c;
    std::vector<std::string> names;  // corruptions or domains to take, in this order; empty: all, ascending
    std::vector<double> severities;  // empty: all there are; not for folders
};

// One shift per corruption, or one for all domains; level 0 is the clean data. `clean` is the data set before geometry.
// Samples pair by id: row number for arrays, relative path for trees (a file with another image extension is taken
// too). A missing file is a bad sample of its level. An image that already has the size which the geometry ends in is
// taken as it is: resizing and cropping released 224 x 224 images again inflates errors. Throws DataError: nothing
// there, unknown name or severity, ids that are not row numbers, fewer rows than clean samples, no pair at all, labels
// that disagree with the clean ones (arrays: all rows; trees: probed samples), with the first example.
std::vector<std::unique_ptr<Shift>> open_files_shifts(const FilesSpec& spec, const Dataset& clean);

}  // namespace misfire
