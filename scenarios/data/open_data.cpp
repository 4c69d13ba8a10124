#include <algorithm>

#include "core/error.h"
#include "scenarios/data/image_array.h"
#include "scenarios/data/image_files.h"
#include "scenarios/data/slug.h"
#include "scenarios/data/spec.h"
#include "scenarios/data/table_file.h"
#include "scenarios/data/zoo_data.h"

namespace misfire {

namespace {

constexpr const char* class_attribute = "class";

// Adds what every form of data has in common: a name, and the label's name as an attribute.
class NamedData : public Dataset {
  public:
    NamedData(std::unique_ptr<Dataset> data, std::string name, bool with_class)
        : data_(std::move(data)), info_(data_->info()) {
        if (info_.name.empty()) info_.name = std::move(name);
        if (!with_class) return;
        info_.attributes.emplace_back(class_attribute);
        keys_.reserve(data_->size());
        for (std::size_t i = 0; i < data_->size(); ++i) {
            keys_.push_back(data_->key(i));
            keys_.back().attributes.push_back(class_name(keys_.back().target));
        }
    }

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return data_->size(); }
    const SampleKey& key(std::size_t i) const override { return keys_.empty() ? data_->key(i) : keys_[i]; }
    Sample at(std::size_t i) const override {
        Sample sample = data_->at(i);
        if (!keys_.empty()) sample.key = keys_[i];
        return sample;
    }
    const TableData* table() const override { return data_->table(); }

  private:
    std::string class_name(const std::optional<std::int64_t>& target) const {
        if (!target) return "";
        const auto index = static_cast<std::size_t>(*target);
        return index < info_.classes.size() ? info_.classes[index] : std::to_string(*target);
    }

    std::unique_ptr<Dataset> data_;
    DatasetInfo info_;
    std::vector<SampleKey> keys_;  // empty unless the class is an attribute
};

std::string name_of_path(const std::filesystem::path& path) {
    return to_slug((path.has_filename() ? path : path.parent_path()).stem().string());
}

}  // namespace

std::unique_ptr<Dataset> open_data(const DataSpec& spec) {
    std::unique_ptr<Dataset> data;
    std::string name;
    switch (spec.form) {
        case DataSpec::Form::zoo:
            data = open_zoo_data(spec);
            if (data->table() != nullptr) return data;
            break;
        case DataSpec::Form::images:
            data = spec.labels_csv.empty() ? open_image_folder(spec) : open_image_table(spec);
            name = name_of_path(spec.images);
            break;
        case DataSpec::Form::npy:
            data = open_image_array(spec);
            name = name_of_path(spec.npy);
            break;
        case DataSpec::Form::table:
        case DataSpec::Form::series:
            data = open_table(spec);
            return std::make_unique<NamedData>(std::move(data), name_of_path(spec.table), false);
    }
    bool with_class = false;
    for (const std::string& group : spec.groups) {
        const std::vector<std::string>& columns = data->info().attributes;
        if (std::find(columns.begin(), columns.end(), group) != columns.end()) continue;
        if (group != class_attribute) {
            throw DataError(
                "The data has no attribute `" + group +
                "`. Without a label table (`labels: table.csv`) there is only `class`, the name of the label.");
        }
        if (!data->info().labelled) throw DataError("`groups: [class]` needs labels, and this data has none.");
        with_class = true;
    }
    return std::make_unique<NamedData>(std::move(data), std::move(name), with_class);
}

}  // namespace misfire
