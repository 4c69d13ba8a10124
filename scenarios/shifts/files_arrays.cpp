// CIFAR-10-C and its like: one array per corruption.
#include <algorithm>
#include <map>
#include <system_error>

#include "core/error.h"
#include "scenarios/data/digest.h"
#include "scenarios/data/image_array.h"
#include "scenarios/data/labels.h"
#include "scenarios/shifts/files_levels.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cifar_c_severities = 5;

class ArrayLevel : public StoredLevel {
  public:
    ArrayLevel(std::shared_ptr<const ImageArray> images, std::size_t first_row)
        : images_(std::move(images)), first_row_(first_row) {}
    Image read(const SampleKey& clean) const override {
        const auto row = as_index(clean.id);  // checked when the shift was opened, for all samples that can come
        return images_->at(first_row_ + static_cast<std::size_t>(row.value()));
    }

  private:
    std::shared_ptr<const ImageArray> images_;
    std::size_t first_row_;
};

void require_row_ids(const Dataset& clean, std::size_t rows, const fs::path& file) {
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const auto row = as_index(clean.key(i).id);
        if (!row) {
            throw DataError("The arrays of " + file.parent_path().string() +
                            " pair with clean samples by row number, but a clean sample is named " + clean.key(i).id +
                            ". Take clean data in rows ({npy: ...} or zoo:cifar10_test) of the same order.");
        }
        if (static_cast<std::size_t>(*row) >= rows) {
            throw DataError(file.string() + " holds " + std::to_string(rows) +
                            " images per severity, but the clean data has a row " + clean.key(i).id +
                            ". Take the clean data that the array was made from.");
        }
    }
}

void require_same_labels(const Dataset& clean, const fs::path& file, std::size_t rows) {
    const std::vector<std::int64_t> labels = read_label_array(file);
    if (labels.size() != rows && labels.size() != cifar_c_severities * rows) {
        throw DataError(file.string() + " has " + std::to_string(labels.size()) + " labels; " + std::to_string(rows) +
                        " or " + std::to_string(cifar_c_severities * rows) + " would fit the images beside it.");
    }
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const SampleKey& key = clean.key(i);
        if (!key.target) continue;
        for (std::size_t row = static_cast<std::size_t>(*as_index(key.id)); row < labels.size(); row += rows) {
            if (labels[row] == *key.target) continue;
            throw DataError(file.string() + " disagrees with the clean labels: sample " + key.id + " is " +
                            std::to_string(*key.target) + " in the clean data and " + std::to_string(labels[row]) +
                            " in row " + std::to_string(row) +
                            ". Take the clean data that the array was made from, in the same order.");
        }
    }
}

// Hash of shape and of evenly spaced pages: reading gigabytes to start or resume a run is out of proportion.
std::string array_version(const NpyArray& array) {
    constexpr std::size_t page = 4096;
    Digest digest(Digest::Kind::sha256);
    digest.add(array.type_name() + array.shape_text());
    const auto bytes = array.bytes();
    for (std::size_t i = 0; i < files_probes; ++i) {
        const std::size_t at = bytes.size() / files_probes * i;
        digest.add(bytes.subspan(at, std::min(page, bytes.size() - at)));
    }
    return "cifar-c:" + digest.hex();
}

std::unique_ptr<Shift> open_array(const fs::path& file, const std::string& name, const FilesSpec& spec,
                                  const Dataset& clean) {
    const auto images = std::make_shared<const ImageArray>(file);
    if (images->size() % cifar_c_severities != 0) {
        throw DataError(file.string() + " holds " + std::to_string(images->size()) +
                        " images, which do not divide into 5 severities. Is it CIFAR-10-C?");
    }
    const std::size_t rows = images->size() / cifar_c_severities;
    require_row_ids(clean, rows, file);
    const fs::path labels = file.parent_path() / "labels.npy";
    std::error_code ignored;
    if (fs::exists(labels, ignored))
        require_same_labels(clean, labels, rows);
    else if (clean.info().labelled)
        throw DataError(labels.string() +
                        " is missing, so that the order of the images cannot be checked. Put it beside the arrays.");
    ShiftInfo info = start_files_info(name, "existing images: " + file.filename().string(), "severity");
    info.version = array_version(images->array());
    std::vector<std::unique_ptr<StoredLevel>> stored;
    for (const double severity : choose_severities(spec.severities, {1, 2, 3, 4, 5}, file.string())) {
        info.levels.push_back({severity, severity_text(severity)});
        stored.push_back(std::make_unique<ArrayLevel>(images, (static_cast<std::size_t>(severity) - 1) * rows));
    }
    return make_files_shift(std::move(info), std::move(stored));
}

std::vector<std::string> names_of(const std::map<std::string, fs::path>& there) {
    std::vector<std::string> names;
    for (const auto& [name, path] : there) names.push_back(name);
    return names;
}

}  // namespace

std::vector<std::unique_ptr<Shift>> open_cifar_c(const FilesSpec& spec, const Dataset& clean) {
    std::map<std::string, fs::path> there;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(spec.root, error)) {
        if (entry.path().extension() == ".npy" && entry.path().filename() != "labels.npy")
            there.emplace(entry.path().stem().string(), entry.path());
    }
    std::vector<std::unique_ptr<Shift>> shifts;
    for (const std::string& name : choose_names(spec.names, names_of(there), spec.root, "corruption (<name>.npy)")) {
        shifts.push_back(open_array(there.at(name), name, spec, clean));
    }
    return shifts;
}

}  // namespace misfire
