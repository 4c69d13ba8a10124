#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <system_error>

#include "core/error.h"
#include "harness/corrupt/output_set.h"
#include "harness/whole_file.h"
#include "scenarios/data/npy.h"
#include "scenarios/data/npy_writer.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cifar_c_severities = 5;
constexpr const char* image_type = "|u1";
constexpr const char* label_type = "<i8";

// An array of the set and the row at which a cell begins in it.
struct Place {
    std::size_t array = 0;
    std::size_t first_row = 0;
};

struct BegunArray {
    std::string file;  // relative
    std::size_t rows = 0;
    std::unique_ptr<NpyWriter> writer;  // null when the array is finished already
};

void require_cifar_c_levels(const std::vector<CorruptCell>& cells) {
    std::map<std::string, std::set<std::string>> levels;
    for (const CorruptCell& cell : cells) {
        if (cell.level > 0) levels[cell.name].insert(cell.label);
    }
    for (const auto& [name, labels] : levels) {
        if (labels == std::set<std::string>{"1", "2", "3", "4", "5"}) continue;
        throw UsageError(
            "The arrays of CIFAR-10-C hold the severities 1 to 5, no more and no less: leave --severities out, or "
            "write --format npy, one array per severity.");
    }
}

// The labels of all samples; empty for data without.
std::vector<std::int64_t> labels_of(const Dataset& data) {
    std::vector<std::int64_t> labels;
    if (!data.info().labelled) return labels;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const SampleKey& key = data.key(i);
        if (!key.target)
            throw DataError("The image " + key.id + " has no label while others have. Label it, or say --labels none.");
        labels.push_back(*key.target);
    }
    return labels;
}

std::string label_file(const std::vector<std::int64_t>& labels, std::size_t times) {
    std::string text = npy_header(label_type, {times * labels.size()});
    const auto* bytes = reinterpret_cast<const char*>(labels.data());
    for (std::size_t i = 0; i < times; ++i) text.append(bytes, labels.size() * sizeof labels[0]);
    return text;
}

class ArraySet : public OutputSet {
  public:
    ArraySet(fs::path folder, CorruptFormat format, ArrayShape shape, std::vector<CorruptCell> cells,
             const Dataset& data)
        : folder_(std::move(folder)), format_(format), shape_(shape), cells_(std::move(cells)), data_(data) {
        labels_ = labels_of(data);
        lay_out();
    }

    void begin(bool go_on) override {
        try {
            for (BegunArray& array : arrays_) open(array, go_on);
        } catch (...) {
            // What was reserved would only keep the disk full.
            std::error_code ignored;
            for (BegunArray& array : arrays_) {
                array.writer.reset();
                if (!go_on) fs::remove(partial(array), ignored);
            }
            throw;
        }
    }

    std::string file(std::size_t cell, std::size_t) const override { return arrays_[places_[cell].array].file; }
    std::optional<std::size_t> row(std::size_t cell, std::size_t sample) const override {
        return places_[cell].first_row + sample;
    }

    void put(std::size_t cell, std::size_t sample, const Image& image) override {
        if (image.height != shape_.height || image.width != shape_.width) {
            throw UsageError("The image " + data_.key(sample).id + " is " + size_text(image.width, image.height) +
                             ", but the first one is " + size_text(shape_.width, shape_.height) +
                             ", and an array holds images of one size. Give --size, or --resize with --crop.");
        }
        const BegunArray& array = arrays_[places_[cell].array];
        if (array.writer == nullptr) return;  // finished by an earlier attempt
        try {
            const std::size_t offset = *row(cell, sample) * image_bytes();
            if (image.channels == shape_.channels)
                array.writer->write(offset, image.pixels);
            else
                array.writer->write(offset, in_shape(image).pixels);
        } catch (const DataError& error) {
            throw StoreError(error.what());
        }
    }

    void sync() override {
        try {
            for (const BegunArray& array : arrays_) {
                if (array.writer) array.writer->sync();
            }
        } catch (const DataError& error) {
            throw StoreError(error.what());
        }
    }

    void finish() override {
        sync();
        for (BegunArray& array : arrays_) {
            if (array.writer == nullptr) continue;
            array.writer.reset();
            std::error_code error;
            fs::rename(partial(array), folder_ / array.file, error);
            if (error)
                throw StoreError("The array " + (folder_ / array.file).string() +
                                 " cannot get its name: " + error.message() + ".");
        }
        std::string ids;
        for (std::size_t i = 0; i < data_.size(); ++i) ids += data_.key(i).id + "\n";
        write_whole_file(folder_ / "ids.txt", ids);
        if (labels_.empty()) return;
        const bool cifar_c = format_ == CorruptFormat::cifar_c;
        write_whole_file(folder_ / "labels.npy", label_file(labels_, cifar_c ? cifar_c_severities : 1));
        const bool clean = std::any_of(cells_.begin(), cells_.end(), [](const auto& cell) { return cell.level == 0; });
        if (cifar_c && clean) write_whole_file(folder_ / "clean/labels.npy", label_file(labels_, 1));
    }

    std::vector<std::string> entries() const override {
        std::set<std::string> names = {"ids.txt", "labels.npy"};
        for (const BegunArray& array : arrays_) {
            const fs::path path = array.file;
            names.insert(path.begin()->string());
            if (!path.has_parent_path()) names.insert(partial_name(path));
        }
        return {names.begin(), names.end()};
    }

  private:
    static std::string size_text(int width, int height) {
        return std::to_string(width) + " x " + std::to_string(height) + " px";
    }
    static std::string partial_name(const fs::path& file) { return "." + file.filename().string() + ".partial"; }

    std::size_t image_bytes() const {
        return static_cast<std::size_t>(shape_.height) * static_cast<std::size_t>(shape_.width) *
               static_cast<std::size_t>(shape_.channels);
    }

    fs::path partial(const BegunArray& array) const {
        const fs::path file = folder_ / array.file;
        return file.parent_path() / partial_name(file);
    }

    // cifar-c: one array per name. The clean images are an array of their own in either format, in a folder, so that
    // readers of CIFAR-10-C do not take it for a corruption.
    void lay_out() {
        if (format_ == CorruptFormat::cifar_c) require_cifar_c_levels(cells_);
        std::map<std::string, std::size_t> by_name;
        for (const CorruptCell& cell : cells_) {
            if (format_ == CorruptFormat::npy || cell.level == 0) {
                places_.push_back({arrays_.size(), 0});
                arrays_.push_back({cell.name + "/" + cell.label + ".npy", data_.size(), nullptr});
                continue;
            }
            const auto [place, fresh] = by_name.emplace(cell.name, arrays_.size());
            if (fresh) arrays_.push_back({cell.name + ".npy", cifar_c_severities * data_.size(), nullptr});
            places_.push_back({place->second, (std::stoul(cell.label) - 1) * data_.size()});
        }
    }

    void open(BegunArray& array, bool go_on) const {
        std::vector<std::size_t> shape = {array.rows, static_cast<std::size_t>(shape_.height),
                                          static_cast<std::size_t>(shape_.width)};
        if (shape_.channels > 1) shape.push_back(static_cast<std::size_t>(shape_.channels));
        std::error_code error;
        if (go_on && fs::exists(folder_ / array.file, error)) return;
        fs::create_directories((folder_ / array.file).parent_path(), error);
        if (error)
            throw StoreError("The folder of " + (folder_ / array.file).string() +
                             " cannot be made: " + error.message() + ".");
        try {
            array.writer = std::make_unique<NpyWriter>(partial(array), image_type, shape,
                                                       go_on ? NpyWriter::Begin::go_on : NpyWriter::Begin::anew);
        } catch (const DataError& failure) {
            throw StoreError(failure.what());
        }
    }

    // Grey images in an array of colour.
    Image in_shape(const Image& image) const {
        if (image.channels != 1) {
            throw DataError("A colour image does not fit an array of grey ones. Write --format png.");
        }
        Image out(image.height, image.width, shape_.channels);
        for (std::size_t i = 0; i < image.pixels.size(); ++i) {
            std::fill_n(out.pixels.begin() + static_cast<std::ptrdiff_t>(i) * shape_.channels, shape_.channels,
                        image.pixels[i]);
        }
        return out;
    }

    fs::path folder_;
    CorruptFormat format_;
    ArrayShape shape_;
    std::vector<CorruptCell> cells_;
    const Dataset& data_;
    std::vector<std::int64_t> labels_;
    std::vector<BegunArray> arrays_;
    std::vector<Place> places_;  // by cell
};

}  // namespace

std::unique_ptr<OutputSet> make_array_set(const fs::path& folder, CorruptFormat format, ArrayShape shape,
                                          std::vector<CorruptCell> cells, const Dataset& data) {
    return std::make_unique<ArraySet>(folder, format, shape, std::move(cells), data);
}

}  // namespace misfire
