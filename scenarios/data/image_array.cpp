#include "scenarios/data/image_array.h"

#include <algorithm>

#include "core/error.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/labels.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

class ArraySamples : public Dataset {
  public:
    ArraySamples(DatasetInfo info, const fs::path& file, const std::vector<std::optional<std::int64_t>>& targets)
        : info_(std::move(info)), images_(file) {
        keys_.reserve(images_.size());
        for (std::size_t i = 0; i < images_.size(); ++i) {
            keys_.push_back({std::to_string(i), targets.empty() ? std::nullopt : targets[i], {}});
        }
    }

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return keys_.size(); }
    const SampleKey& key(std::size_t i) const override { return keys_[i]; }
    Sample at(std::size_t i) const override { return {keys_[i], images_.at(i)}; }

  private:
    DatasetInfo info_;
    ImageArray images_;
    std::vector<SampleKey> keys_;
};

std::vector<std::string> label_texts(const fs::path& file) {
    if (file.extension() != ".npy") return read_lines(file);
    std::vector<std::string> texts;
    for (const std::int64_t label : read_label_array(file)) {
        if (label < 0)
            throw DataError(file.string() + " holds the label " + std::to_string(label) +
                            ". Class indices begin at 0.");
        texts.push_back(std::to_string(label));
    }
    return texts;
}

}  // namespace

ImageArray::ImageArray(const fs::path& file) : array_(file) {
    const std::vector<std::size_t>& shape = array_.shape();
    const std::string found = file.string() + " is " + array_.type_name() + " " + array_.shape_text();
    if (array_.kind() != 'u' || array_.item_bytes() != 1) {
        throw DataError(found +
                        "; images must be uint8 from 0 to 255. Save array.astype('uint8'), after multiplying by 255 if "
                        "it is from 0 to 1.");
    }
    if (shape.size() == 4 && shape[3] != 1 && shape[3] != 3 && (shape[1] == 1 || shape[1] == 3)) {
        throw DataError(found + ": channels come first; they must come last. Save array.transpose(0, 2, 3, 1).");
    }
    const bool fits = shape.size() == 3 || (shape.size() == 4 && (shape[3] == 1 || shape[3] == 3));
    if (!fits) throw DataError(found + "; images must be [n, height, width] or [n, height, width, 1 or 3].");
    if (shape[0] == 0) throw DataError(found + ": it holds no images.");
    if (shape[1] == 0 || shape[2] == 0 || shape[1] > static_cast<std::size_t>(max_image_pixels) / shape[2]) {
        throw DataError(found + "; images must have at least 1 and at most " + std::to_string(max_image_pixels) +
                        " pixels.");
    }
    shape_.height = static_cast<int>(shape[1]);
    shape_.width = static_cast<int>(shape[2]);
    shape_.channels = shape.size() == 4 ? static_cast<int>(shape[3]) : 1;
}

Image ImageArray::at(std::size_t row) const {
    Image image(shape_.height, shape_.width, shape_.channels);
    const auto from = array_.bytes().subspan(row * image.pixels.size(), image.pixels.size());
    std::copy(from.begin(), from.end(), image.pixels.begin());
    return image;
}

std::vector<std::int64_t> read_label_array(const fs::path& file) {
    const NpyArray array(file);
    if (array.kind() == 'f' || array.kind() == 'b' || array.shape().size() != 1) {
        throw DataError(file.string() + " is " + array.type_name() + " " + array.shape_text() +
                        "; labels must be integers [n]. Save labels.astype('int64').reshape(-1), or argmax(axis=1) of "
                        "one-hot rows.");
    }
    std::vector<std::int64_t> labels(array.shape()[0]);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = array.integer(i);
    return labels;
}

std::unique_ptr<Dataset> open_image_array(const DataSpec& spec) {
    DatasetInfo info;
    Labels labels;
    const std::size_t count = ImageArray(spec.npy).size();
    if (!spec.labels_none) {
        if (spec.npy_labels.empty()) {
            throw DataError("The array " + spec.npy.string() +
                            " has no labels. Give `labels: labels.npy`, or say `labels: none`.");
        }
        const std::vector<std::string> texts = label_texts(spec.npy_labels);
        if (texts.size() != count) {
            throw DataError(spec.npy_labels.string() + " has " + std::to_string(texts.size()) + " labels for the " +
                            std::to_string(count) + " images of " + spec.npy.string() +
                            ". Give one label per image, in the same order.");
        }
        labels = index_labels(texts, spec.classes.empty() ? std::vector<std::string>() : read_class_names(spec.classes),
                              spec.npy_labels.string());
        info.classes = labels.classes;
        info.labelled = true;
    }
    return std::make_unique<ArraySamples>(std::move(info), spec.npy, labels.targets);
}

}  // namespace misfire
