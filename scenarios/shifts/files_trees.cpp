// ImageNet-C and sibling domains: folders that repeat the tree of the clean images.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "core/error.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/digest.h"
#include "scenarios/data/slug.h"
#include "scenarios/shifts/files_levels.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

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
    const std::size_t count = std::min(files_probes, clean.size());
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
    return make_files_shift(std::move(info), std::move(stored));
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
        if (name == "clean") continue;  // `misfire corrupt --severities 0-5` puts the clean images beside the others
        if (add(name, root / name)) continue;
        for (const std::string& inner : folders_in(root / name)) add(inner, root / name / inner);
    }
    return there;
}

std::vector<std::string> names_of(const std::map<std::string, fs::path>& there) {
    std::vector<std::string> names;
    for (const auto& [name, path] : there) names.push_back(name);
    return names;
}

}  // namespace

std::vector<std::unique_ptr<Shift>> open_imagenet_c(const FilesSpec& spec, const Dataset& clean) {
    const std::map<std::string, fs::path> there = find_corruptions(spec.root);
    std::vector<std::unique_ptr<Shift>> shifts;
    for (const std::string& name :
         choose_names(spec.names, names_of(there), spec.root, "corruption (a folder with folders 1, 2, ...)")) {
        const std::map<double, fs::path> folders = severity_folders(there.at(name));
        std::vector<double> severities;
        for (const auto& [severity, folder] : folders) severities.push_back(severity);
        std::vector<TreeSource> sources;
        for (const double severity : choose_severities(spec.severities, severities, there.at(name).string())) {
            sources.push_back({{severity, severity_text(severity)}, folders.at(severity)});
        }
        shifts.push_back(
            make_tree_shift(start_files_info(name, "existing images: " + name, "severity"), sources, clean));
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
    for (const std::string& name : choose_names(spec.names, names_of(there), spec.root, "domain (a folder)")) {
        const std::string label = to_slug(name);
        const auto [other, fresh] = labels.emplace(label, name);
        if (!fresh)
            throw DataError("The domains `" + other->second + "` and `" + name + "` would both be called " + label +
                            ". Rename one of the folders.");
        sources.push_back({{static_cast<double>(sources.size() + 1), label}, there.at(name)});
    }
    const fs::path root = spec.root.has_filename() ? spec.root : spec.root.parent_path();
    std::vector<std::unique_ptr<Shift>> shifts;
    shifts.push_back(make_tree_shift(
        start_files_info(root.filename().string(), "existing images of other domains", "domain"), sources, clean));
    return shifts;
}

}  // namespace misfire
