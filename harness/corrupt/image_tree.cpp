#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "harness/corrupt/output_set.h"
#include "harness/whole_file.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/slug.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

bool has_extension(const fs::path& file, const std::vector<std::string>& extensions) {
    std::string own = file.extension().string();
    std::transform(own.begin(), own.end(), own.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::find(extensions.begin(), extensions.end(), own) != extensions.end();
}

// The id as a path whose name ends like a file of the format.
fs::path with_extension_of(CorruptFormat format, fs::path path) {
    if (format == CorruptFormat::png && has_extension(path, {".png"})) return path;
    if (format == CorruptFormat::jpeg && has_extension(path, {".jpg", ".jpeg"})) return path;
    const char* extension = format == CorruptFormat::png ? ".png" : format == CorruptFormat::jpeg ? ".jpg" : ".JPEG";
    if (has_image_extension(path)) return path.replace_extension(extension);
    return path += extension;
}

void require_inside(const std::string& id) {
    const fs::path path = fs::path(id).lexically_normal();
    if (path.is_absolute() || path.empty() || *path.begin() == "..") {
        throw DataError("The image " + id +
                        " is named by a path that leads out of the data folder, so it has no place in the output. "
                        "Write --format npy, or put the images below one folder.");
    }
}

// "07_cat": folders in the order of the class numbers, as loaders of class folders number them.
std::string class_folder(const DatasetInfo& info, std::int64_t target, std::int64_t highest) {
    const std::string number = std::to_string(target);
    const std::size_t width = std::to_string(highest).size();
    const auto index = static_cast<std::size_t>(target);
    return std::string(width - std::min(width, number.size()), '0') + number +
           (index < info.classes.size() ? "_" + to_slug(info.classes[index]) : "");
}

std::string relative_path(CorruptFormat format, const Dataset& data, std::size_t sample, std::int64_t highest) {
    const SampleKey& key = data.key(sample);
    require_inside(key.id);
    fs::path path = with_extension_of(format, fs::path(key.id).lexically_normal());
    if (format == CorruptFormat::imagenet_c && !path.has_parent_path()) {
        if (!key.target) {
            throw DataError("The image " + key.id +
                            " is in no class folder, and ImageNet-C has one for every image. Put the images into one "
                            "folder per class, give --labels, or write --format jpeg.");
        }
        path = class_folder(data.info(), *key.target, highest) / path;
    }
    return path.generic_string();
}

class ImageTree : public OutputSet {
  public:
    ImageTree(fs::path folder, CorruptFormat format, int quality, std::vector<CorruptCell> cells, const Dataset& data)
        : folder_(std::move(folder)), format_(format), cells_(std::move(cells)) {
        jpeg_ = format == CorruptFormat::imagenet_c ? imagenet_c_jpeg : JpegForm{quality, false, true};
        std::int64_t highest = 0;
        for (std::size_t i = 0; i < data.size(); ++i) highest = std::max(highest, data.key(i).target.value_or(0));
        std::map<std::string, std::size_t> taken;
        for (std::size_t i = 0; i < data.size(); ++i) {
            paths_.push_back(relative_path(format, data, i, highest));
            const auto [other, fresh] = taken.emplace(paths_.back(), i);
            if (fresh) continue;
            throw DataError("The images " + data.key(other->second).id + " and " + data.key(i).id +
                            " would both be written to " + paths_.back() +
                            ". Rename one of them, or write --format npy.");
        }
    }

    void begin(bool) override {}

    std::string file(std::size_t cell, std::size_t sample) const override {
        return cells_[cell].name + "/" + cells_[cell].label + "/" + paths_[sample];
    }
    std::optional<std::size_t> row(std::size_t, std::size_t) const override { return std::nullopt; }

    void put(std::size_t cell, std::size_t sample, const Image& image) override {
        const std::vector<std::uint8_t> bytes =
            format_ == CorruptFormat::png ? encode_png(image) : encode_jpeg(image, jpeg_);
        write_whole_file(folder_ / file(cell, sample), bytes);
    }

    // One call for thousands of small files.
    void sync() override {
        const int descriptor = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const bool good = descriptor >= 0 && ::syncfs(descriptor) == 0;
        if (descriptor >= 0) ::close(descriptor);
        if (!good) throw StoreError("The files below " + folder_.string() + " could not be brought to the disk.");
    }

    void finish() override {}

    std::vector<std::string> entries() const override {
        std::set<std::string> names;
        for (const CorruptCell& cell : cells_) names.insert(cell.name);
        return {names.begin(), names.end()};
    }

  private:
    fs::path folder_;
    CorruptFormat format_;
    JpegForm jpeg_;
    std::vector<CorruptCell> cells_;
    std::vector<std::string> paths_;  // by sample, below <cell>/<severity>/
};

}  // namespace

const std::vector<std::string>& corrupt_format_names() {
    static const std::vector<std::string> names = {"png", "jpeg", "npy", "imagenet-c", "cifar-c"};
    return names;
}

std::unique_ptr<OutputSet> make_image_tree(const fs::path& folder, CorruptFormat format, int quality,
                                           std::vector<CorruptCell> cells, const Dataset& data) {
    return std::make_unique<ImageTree>(folder, format, quality, std::move(cells), data);
}

}  // namespace misfire
