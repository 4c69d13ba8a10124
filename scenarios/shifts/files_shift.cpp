#include "scenarios/shifts/files_shift.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/digest.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/image_array.h"
#include "scenarios/data/labels.h"
#include "scenarios/data/slug.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cifar_c_severities = 5;
constexpr std::size_t probes =
    64;  // samples per level looked at when a shift is opened: trees may hold millions of files

bool has_final_size(const Image& image, const Geometry& geometry) {
    switch (geometry.kind) {
        case Geometry::Kind::exact: return image.height == geometry.height && image.width == geometry.width;
        case Geometry::Kind::shorter_side_then_crop:
            return image.height == geometry.crop && image.width == geometry.crop;
        case Geometry::Kind::none: break;
    }
    return true;
}

// One level as stored: the image that belongs to a clean sample.
class StoredLevel {
  public:
    virtual ~StoredLevel() = default;
    virtual Image read(const SampleKey& clean) const = 0;
};

class StoredView : public Dataset {
  public:
    StoredView(const Dataset& clean, const StoredLevel& level, const Geometry& geometry)
        : clean_(clean), level_(level), geometry_(geometry) {}

    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }
    Sample at(std::size_t i) const override {
        Sample sample{key(i), level_.read(key(i))};
        if (!has_final_size(sample.image, geometry_)) sample.image = apply_geometry(sample.image, geometry_);
        return sample;
    }

  private:
    const Dataset& clean_;
    const StoredLevel& level_;
    Geometry geometry_;
};

std::vector<std::size_t> all_of(const Dataset& data) {
    std::vector<std::size_t> indices(data.size());
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
    return indices;
}

class FilesShift : public Shift {
  public:
    // levels[0] of `info` is the clean data; stored[i] is level i + 1.
    FilesShift(ShiftInfo info, std::vector<std::unique_ptr<StoredLevel>> stored)
        : info_(std::move(info)), stored_(std::move(stored)) {}

    const ShiftInfo& info() const override { return info_; }
    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const override {
        if (level == 0) return std::make_unique<SubsetView>(clean, all_of(clean));
        return std::make_unique<StoredView>(clean, *stored_.at(level - 1), context.geometry);
    }

  private:
    ShiftInfo info_;
    std::vector<std::unique_ptr<StoredLevel>> stored_;
};

ShiftInfo start_info(const std::string& name, const std::string& summary, const std::string& unit) {
    ShiftInfo info;
    info.name = to_slug(name);
    info.kind = "files";
    info.summary = summary;
    info.unit = unit;
    info.levels.push_back({0.0, "0"});
    return info;
}

std::string number_text(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

std::optional<double> as_number(const std::string& text) {
    double value = 0.0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (text.empty() || error != std::errc() || stopped != end || !(value > 0.0)) return std::nullopt;
    return value;
}

std::vector<std::string> folders_in(const fs::path& root) {
    std::vector<std::string> names;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(root, error)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory(error) && !name.starts_with(".") && name != "__MACOSX") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

template <typename Value>
std::vector<std::string> choose_names(const std::vector<std::string>& asked, const std::map<std::string, Value>& there,
                                      const fs::path& root, const char* what) {
    std::vector<std::string> names;
    for (const auto& [name, value] : there) names.push_back(name);
    if (names.empty())
        throw DataError("The folder " + root.string() + " holds no " + what + ". Check `root` and `form`.");
    for (const std::string& name : asked) {
        if (!there.contains(name))
            throw DataError("The folder " + root.string() + " holds no " + what + " `" + name + "`." +
                            did_you_mean(name, names));
    }
    return asked.empty() ? names : asked;
}

std::vector<double> choose_severities(const std::vector<double>& asked, std::vector<double> there,
                                      const std::string& where) {
    std::sort(there.begin(), there.end());
    std::string list;
    for (const double value : there) list += (list.empty() ? "" : ", ") + number_text(value);
    std::vector<double> chosen;
    for (const double value : asked) {
        if (value == 0.0) continue;  // the clean data, which is level 0 of every shift
        if (std::find(there.begin(), there.end(), value) == there.end()) {
            throw DataError(where + " has no severity " + number_text(value) + ". It has " + list + ".");
        }
        chosen.push_back(value);
    }
    std::sort(chosen.begin(), chosen.end());
    return asked.empty() ? there : chosen;
}

// ---- arrays

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
    for (std::size_t i = 0; i < probes; ++i) {
        const std::size_t at = bytes.size() / probes * i;
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
    ShiftInfo info = start_info(name, "existing images: " + file.filename().string(), "severity");
    info.version = array_version(images->array());
    std::vector<std::unique_ptr<StoredLevel>> stored;
    for (const double severity : choose_severities(spec.severities, {1, 2, 3, 4, 5}, file.string())) {
        info.levels.push_back({severity, number_text(severity)});
        stored.push_back(std::make_unique<ArrayLevel>(images, (static_cast<std::size_t>(severity) - 1) * rows));
    }
    return std::make_unique<FilesShift>(std::move(info), std::move(stored));
}

std::vector<std::unique_ptr<Shift>> open_arrays(const FilesSpec& spec, const Dataset& clean) {
    std::map<std::string, fs::path> there;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(spec.root, error)) {
        if (entry.path().extension() == ".npy" && entry.path().filename() != "labels.npy")
            there.emplace(entry.path().stem().string(), entry.path());
    }
    std::vector<std::unique_ptr<Shift>> shifts;
    for (const std::string& name : choose_names(spec.names, there, spec.root, "corruption (<name>.npy)")) {
        shifts.push_back(open_array(there.at(name), name, spec, clean));
    }
    return shifts;
}

// ---- trees

// The stored file of a clean sample, the same relative path, if need be with another image extension; empty where there
// is none.
fs::path find_file(const fs::path& folder, const std::string& id) {
    std::error_code ignored;
    fs::path file = folder / id;
    if (fs::exists(file, ignored)) return file;
    for (const char* extension :
         {".png", ".jpg", ".JPEG", ".jpeg", ".JPG", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm"}) {
        file.replace_extension(extension);
        if (fs::exists(file, ignored)) return file;
    }
    return {};
}

class TreeLevel : public StoredLevel {
  public:
    explicit TreeLevel(fs::path folder) : folder_(std::move(folder)) {}
    Image read(const SampleKey& clean) const override {
        const fs::path file = find_file(folder_, clean.id);
        return decode_image(file.empty() ? folder_ / clean.id : file);
    }

  private:
    fs::path folder_;
};

std::string without_extension(const std::string& id) { return fs::path(id).replace_extension().generic_string(); }

// Clean ids without extension, gathered when the first image is found missing.
class CleanNames {
  public:
    explicit CleanNames(const Dataset& clean) : clean_(clean) {}
    bool has(const std::string& id) {
        if (names_.empty()) {
            for (std::size_t i = 0; i < clean_.size(); ++i) names_.insert(without_extension(clean_.key(i).id));
        }
        return names_.contains(without_extension(id));
    }

  private:
    const Dataset& clean_;
    std::set<std::string> names_;
};

// A file of the same name in the folder of another class, where the clean data has none: the trees disagree about a
// label.
void require_no_other_class(const fs::path& folder, const std::string& id, CleanNames& names) {
    const std::size_t slash = id.find('/');
    if (slash == std::string::npos) return;
    const std::string own = id.substr(0, slash);
    const std::string rest = id.substr(slash + 1);
    for (const std::string& other : folders_in(folder)) {
        if (other == own || names.has(other + "/" + rest)) continue;
        if (const fs::path found = find_file(folder / other, rest); !found.empty()) {
            throw DataError("Labels disagree: the clean sample " + id + " is `" + own + "`, but its shifted image is " +
                            found.string() + ". Take the clean data that the files were made from.");
        }
    }
}

// Adds names and sizes of evenly spaced samples to the digest, and refuses a folder that has nothing to do with the
// clean data.
void probe_level(const fs::path& folder, const Dataset& clean, CleanNames& names, Digest& digest) {
    const std::size_t count = std::min(probes, clean.size());
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& id = clean.key(clean.size() * i / count).id;
        const fs::path file = find_file(folder, id);
        std::error_code ignored;
        if (!file.empty()) {
            ++found;
            digest.add(file.string() + ":" + std::to_string(fs::file_size(file, ignored)) + ";");
        } else if (clean.info().labelled) {
            require_no_other_class(folder, id, names);
        }
    }
    if (found == 0 && count > 0) {
        throw DataError("No clean sample has its image below " + folder.string() + ": looked for " + clean.key(0).id +
                        " and " + std::to_string(count - 1) +
                        " more. Files pair by their path below the data folder; check `root` and `form`.");
    }
}

struct TreeSource {
    Level level;
    fs::path folder;
};

std::unique_ptr<Shift> make_tree_shift(ShiftInfo info, const std::vector<TreeSource>& sources, const Dataset& clean) {
    Digest digest(Digest::Kind::sha256);
    CleanNames names(clean);
    std::vector<std::unique_ptr<StoredLevel>> stored;
    for (const TreeSource& source : sources) {
        probe_level(source.folder, clean, names, digest);
        info.levels.push_back(source.level);
        stored.push_back(std::make_unique<TreeLevel>(source.folder));
    }
    info.version = "tree:" + digest.hex();
    return std::make_unique<FilesShift>(std::move(info), std::move(stored));
}

// Folders named by numbers above 0.
std::map<double, fs::path> severity_folders(const fs::path& corruption) {
    std::map<double, fs::path> severities;
    for (const std::string& name : folders_in(corruption)) {
        if (const auto severity = as_number(name)) severities.emplace(*severity, corruption / name);
    }
    return severities;
}

std::map<std::string, fs::path> find_corruptions(const fs::path& root) {
    std::map<std::string, fs::path> there;
    const auto add = [&](const std::string& name, const fs::path& folder) {
        if (severity_folders(folder).empty()) return false;
        const auto [other, fresh] = there.emplace(name, folder);
        if (!fresh)
            throw DataError("The corruption " + name + " is there twice: " + other->second.string() + " and " +
                            folder.string() + ". Take one of them out.");
        return true;
    };
    for (const std::string& name : folders_in(root)) {
        if (add(name, root / name)) continue;
        for (const std::string& inner : folders_in(root / name)) add(inner, root / name / inner);
    }
    return there;
}

std::vector<std::unique_ptr<Shift>> open_corruption_trees(const FilesSpec& spec, const Dataset& clean) {
    const std::map<std::string, fs::path> there = find_corruptions(spec.root);
    std::vector<std::unique_ptr<Shift>> shifts;
    for (const std::string& name :
         choose_names(spec.names, there, spec.root, "corruption (a folder with folders 1, 2, ...)")) {
        const std::map<double, fs::path> folders = severity_folders(there.at(name));
        std::vector<double> severities;
        for (const auto& [severity, folder] : folders) severities.push_back(severity);
        std::vector<TreeSource> sources;
        for (const double severity : choose_severities(spec.severities, severities, there.at(name).string())) {
            sources.push_back({{severity, number_text(severity)}, folders.at(severity)});
        }
        shifts.push_back(make_tree_shift(start_info(name, "existing images: " + name, "severity"), sources, clean));
    }
    return shifts;
}

std::vector<std::unique_ptr<Shift>> open_domains(const FilesSpec& spec, const Dataset& clean) {
    if (!spec.severities.empty())
        throw DataError("Domains (form: folders) have names, not severities: choose them by `names`.");
    std::map<std::string, fs::path> there;
    for (const std::string& name : folders_in(spec.root)) there.emplace(name, spec.root / name);
    std::vector<TreeSource> sources;
    std::map<std::string, std::string> labels;
    for (const std::string& name : choose_names(spec.names, there, spec.root, "domain (a folder)")) {
        const std::string label = to_slug(name);
        const auto [other, fresh] = labels.emplace(label, name);
        if (!fresh)
            throw DataError("The domains `" + other->second + "` and `" + name + "` would both be called " + label +
                            ". Rename one of the folders.");
        sources.push_back({{static_cast<double>(sources.size() + 1), label}, there.at(name)});
    }
    const fs::path root = spec.root.has_filename() ? spec.root : spec.root.parent_path();
    std::vector<std::unique_ptr<Shift>> shifts;
    shifts.push_back(make_tree_shift(start_info(root.filename().string(), "existing images of other domains", "domain"),
                                     sources, clean));
    return shifts;
}

}  // namespace

std::vector<std::unique_ptr<Shift>> open_files_shifts(const FilesSpec& spec, const Dataset& clean) {
    std::error_code ignored;
    if (!fs::is_directory(spec.root, ignored))
        throw DataError("The folder " + spec.root.string() +
                        " does not exist. `root` names the folder of the shifted files.");
    switch (spec.form) {
        case FilesSpec::Form::cifar_c: return open_arrays(spec, clean);
        case FilesSpec::Form::imagenet_c: return open_corruption_trees(spec, clean);
        case FilesSpec::Form::folders: break;
    }
    return open_domains(spec, clean);
}

}  // namespace misfire
