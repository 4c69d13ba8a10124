#include "scenarios/data/image_files.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/labels.h"
#include "scenarios/data/select.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr int max_depth = 32;

class ImageFiles : public Dataset {
  public:
    ImageFiles(DatasetInfo info, std::vector<SampleKey> keys, std::vector<fs::path> files)
        : info_(std::move(info)), keys_(std::move(keys)), files_(std::move(files)) {}

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return keys_.size(); }
    const SampleKey& key(std::size_t i) const override { return keys_[i]; }
    Sample at(std::size_t i) const override { return {keys_[i], decode_image(files_[i])}; }

  private:
    DatasetInfo info_;
    std::vector<SampleKey> keys_;
    std::vector<fs::path> files_;
};

struct FolderListing {
    std::vector<std::string> images;   // relative paths, ascending
    std::vector<std::string> folders;  // of the first level, in byte order
};

bool is_hidden(const std::string& name) { return name.starts_with(".") || name == "__MACOSX"; }

void require_folder(const fs::path& root) {
    std::error_code error;
    if (!fs::exists(root, error)) throw DataError("The folder " + root.string() + " does not exist. Check the path.");
    if (!fs::is_directory(root, error))
        throw DataError(root.string() + " is not a folder. `images` names a folder of image files.");
}

FolderListing list_folder(const fs::path& root) {
    FolderListing listing;
    try {
        using Walk = fs::recursive_directory_iterator;
        for (Walk it(root, fs::directory_options::follow_directory_symlink); it != Walk(); ++it) {
            const std::string name = it->path().filename().string();
            const bool folder = it->is_directory();
            if (is_hidden(name)) {
                if (folder) it.disable_recursion_pending();
            } else if (it.depth() > max_depth) {
                throw DataError(it->path().string() + " lies more than " + std::to_string(max_depth) +
                                " folders deep: a link may point back to a folder above it.");
            } else if (folder) {
                if (it.depth() == 0) listing.folders.push_back(name);
            } else if (has_image_extension(it->path())) {
                listing.images.push_back(it->path().lexically_relative(root).generic_string());
            }
        }
    } catch (const fs::filesystem_error& error) {
        throw DataError("The folder " + error.path1().string() + " cannot be listed: " + error.code().message() + ".");
    }
    if (listing.images.empty()) {
        throw DataError("The folder " + root.string() +
                        " holds no images (.jpg, .png, .bmp, .tif, .webp, .ppm). Check the path.");
    }
    std::sort(listing.images.begin(), listing.images.end(), id_less);
    std::sort(listing.folders.begin(), listing.folders.end());
    return listing;
}

// Folders named by numbers without leading zeros ("0" .. "10") have two orders, and which of them a model was made with
// cannot be seen.
void refuse_ambiguous_order(const std::vector<std::string>& folders, const fs::path& root) {
    const bool numbers =
        std::all_of(folders.begin(), folders.end(), [](const std::string& name) { return as_index(name).has_value(); });
    if (!numbers || std::is_sorted(folders.begin(), folders.end(), id_less)) return;
    throw DataError(
        "The class folders of " + root.string() + " are numbers that sort differently as text (" + folders[0] + ", " +
        folders[1] + ", " + folders[2] +
        ", ...). Give `classes: names.txt` with one folder name a line, in the order of the model's outputs.");
}

std::vector<std::string> folder_classes(const DataSpec& spec, const std::vector<std::string>& folders) {
    if (spec.classes.empty()) {
        if (spec.class_map.empty()) refuse_ambiguous_order(folders, spec.images);
        return folders;
    }
    std::vector<std::string> classes = read_class_names(spec.classes);
    for (const std::string& folder : folders) {
        if (std::find(classes.begin(), classes.end(), folder) == classes.end()) {
            throw DataError("The folder " + (spec.images / folder).string() + " is none of the " +
                            std::to_string(classes.size()) + " classes of " + spec.classes.string() +
                            ". Add its name there, or take the folder out.");
        }
    }
    return classes;
}

std::string table_file(const DataSpec& spec, const std::string& written) {
    std::error_code ignored;
    const fs::path beside_images = spec.images / written;
    if (fs::exists(beside_images, ignored)) return beside_images.string();
    const fs::path beside_table = spec.labels_csv.parent_path() / written;
    return fs::exists(beside_table, ignored) ? beside_table.string() : beside_images.string();
}

void refuse_duplicates(const CsvTable& table, std::size_t file_column) {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto [first, fresh] = seen.emplace(table.rows[i][file_column], table.lines[i]);
        if (fresh) continue;
        throw DataError(table.file + ":" + std::to_string(table.lines[i]) + ": the file `" + first->first +
                        "` was named on line " + std::to_string(first->second) +
                        " already. Sample ids must differ: take one of the rows out.");
    }
}

}  // namespace

std::unique_ptr<Dataset> open_image_folder(const DataSpec& spec) {
    require_folder(spec.images);
    FolderListing listing = list_folder(spec.images);
    DatasetInfo info;
    std::map<std::string, std::int64_t> index;
    if (!spec.labels_none) {
        info.classes = folder_classes(spec, listing.folders);
        for (const std::string& name : info.classes) index.emplace(name, static_cast<std::int64_t>(index.size()));
    }
    std::vector<SampleKey> keys;
    std::vector<fs::path> files;
    for (const std::string& image : listing.images) {
        SampleKey key{image, std::nullopt, {}};
        if (!spec.labels_none) {
            const std::size_t slash = image.find('/');
            if (slash == std::string::npos) {
                throw DataError("The image " + (spec.images / image).string() +
                                " lies in no class folder, so it has no label. Put images into one "
                                "folder per class, give `labels: table.csv`, or say `labels: none`.");
            }
            key.target = index.at(image.substr(0, slash));
        }
        keys.push_back(std::move(key));
        files.push_back(spec.images / image);
    }
    info.labelled = !spec.labels_none;
    return std::make_unique<ImageFiles>(std::move(info), std::move(keys), std::move(files));
}

std::unique_ptr<Dataset> open_image_table(const DataSpec& spec) {
    require_folder(spec.images);
    const CsvTable table = read_csv(spec.labels_csv);
    if (table.rows.empty()) throw DataError(table.file + " names no samples: it has no row after the column names.");
    const std::size_t file_column = table.column(spec.file_column);
    refuse_duplicates(table, file_column);
    DatasetInfo info;
    Labels labels;
    if (!spec.labels_none) {
        const std::size_t label_column = table.column(spec.label_column);
        std::vector<std::string> texts;
        for (const auto& row : table.rows) texts.push_back(row[label_column]);
        labels = index_labels(texts, spec.classes.empty() ? std::vector<std::string>() : read_class_names(spec.classes),
                              table.file);
        info.classes = labels.classes;
        info.labelled = true;
    }
    for (const std::string& group : spec.groups) {
        if (group == "class" && !table.has_column(group)) continue;  // the label's name: added for every form of data
        table.column(group);
        info.attributes.push_back(group);
    }
    std::vector<SampleKey> keys;
    std::vector<fs::path> files;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const std::string& written = table.rows[i][file_column];
        if (written.empty())
            throw DataError(table.file + ":" + std::to_string(table.lines[i]) +
                            ": the file name is empty. Fill it in, or take the row out.");
        SampleKey key{fs::path(written).lexically_normal().generic_string(),
                      labels.targets.empty() ? std::nullopt : labels.targets[i],
                      {}};
        for (const std::string& group : info.attributes) key.attributes.push_back(table.rows[i][table.column(group)]);
        keys.push_back(std::move(key));
        files.emplace_back(table_file(spec, written));
    }
    return std::make_unique<ImageFiles>(std::move(info), std::move(keys), std::move(files));
}

}  // namespace misfire
