// Where the perturbed images of `misfire corrupt` go: trees of image files, or arrays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/image.h"

namespace misfire {

enum class CorruptFormat { png, jpeg, npy, imagenet_c, cifar_c };

// Names as --format takes them, in the order of the enumeration.
const std::vector<std::string>& corrupt_format_names();

inline bool is_array(CorruptFormat format) { return format == CorruptFormat::npy || format == CorruptFormat::cifar_c; }

// One perturbation at one severity; the clean images are a cell of severity 0 named "clean".
struct CorruptCell {
    std::string name;   // slug of the shift
    std::string label;  // severity as text
    std::size_t shift = 0;
    std::size_t level = 0;  // place in ShiftInfo::levels
};

// The files of all cells below one folder. put(), file() and row() may be called from several threads, for different
// images.
class OutputSet {
  public:
    virtual ~OutputSet() = default;
    // Before the first put(): makes arrays, or takes up those that were begun. Throws StoreError, in particular when
    // the disk has no space for all of them.
    virtual void begin(bool go_on) = 0;
    // Where image `sample` of a cell is or will be, relative to the folder; its row there, for arrays.
    virtual std::string file(std::size_t cell, std::size_t sample) const = 0;
    virtual std::optional<std::size_t> row(std::size_t cell, std::size_t sample) const = 0;
    // Writes it. A killed program leaves a whole file or none; array rows may be written again. Throws StoreError when
    // the disk is full or cannot be written, DataError for an image that the format cannot hold, UsageError for one of
    // another size than its array.
    virtual void put(std::size_t cell, std::size_t sample, const Image& image) = 0;
    virtual void sync() = 0;  // what was put is on the disk
    virtual void finish() = 0;
    // Names directly in the folder that belong to this set: what starting over removes.
    virtual std::vector<std::string> entries() const = 0;
};

// png: <cell>/<severity>/<relative path>. jpeg: the same. imagenet-c: the same with .JPEG at the end, every image in a
// class folder, quality 85 with 4:2:0 chroma. `quality` is for jpeg. Throws DataError when two images would get one
// name, an id leads out of the folder, or imagenet-c has no classes.
std::unique_ptr<OutputSet> make_image_tree(const std::filesystem::path& folder, CorruptFormat format, int quality,
                                           std::vector<CorruptCell> cells, const Dataset& data);

struct ArrayShape {
    int height = 0;
    int width = 0;
    int channels = 0;  // 1 gives [n, height, width]; grey images are repeated for 3
};

// npy: <cell>/<severity>.npy [n, height, width, channels]. cifar-c: <cell>.npy [5 n, height, width, 3], severity 1
// first. Besides ids.txt and, for labelled data, labels.npy. Throws UsageError for cifar-c without the severities 1 to
// 5, DataError when some samples have labels and others none.
std::unique_ptr<OutputSet> make_array_set(const std::filesystem::path& folder, CorruptFormat format, ArrayShape shape,
                                          std::vector<CorruptCell> cells, const Dataset& data);

}  // namespace misfire
