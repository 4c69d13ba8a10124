#include "scenarios/data/class_filter.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

class FilteredClasses : public Dataset {
  public:
    FilteredClasses(std::unique_ptr<Dataset> data, const std::vector<bool>& keep, bool unlabelled)
        : data_(std::move(data)), info_(data_->info()) {
        std::vector<std::int64_t> now(keep.size(), -1);
        std::int64_t next = 0;
        info_.classes.clear();
        for (std::size_t c = 0; c < keep.size(); ++c) {
            if (!keep[c]) continue;
            now[c] = next++;
            const std::vector<std::string>& names = data_->info().classes;
            info_.classes.push_back(c < names.size() ? names[c] : std::to_string(c));
        }
        for (std::size_t i = 0; i < data_->size(); ++i) {
            SampleKey key = data_->key(i);
            const bool kept = key.target ? keep[static_cast<std::size_t>(*key.target)] : unlabelled;
            if (!kept) continue;
            if (key.target) key.target = now[static_cast<std::size_t>(*key.target)];
            places_.push_back(i);
            keys_.push_back(std::move(key));
        }
    }

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return places_.size(); }
    const SampleKey& key(std::size_t i) const override { return keys_[i]; }
    Sample at(std::size_t i) const override {
        Sample sample = data_->at(places_[i]);
        sample.key = keys_[i];
        return sample;
    }

  private:
    std::unique_ptr<Dataset> data_;
    DatasetInfo info_;
    std::vector<std::size_t> places_;
    std::vector<SampleKey> keys_;
};

std::vector<std::string> class_names(const Dataset& data) {
    std::vector<std::string> names = data.info().classes;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const std::int64_t target = data.key(i).target.value_or(-1);
        while (static_cast<std::int64_t>(names.size()) <= target) names.push_back(std::to_string(names.size()));
    }
    return names;
}

std::unique_ptr<Dataset> filtered(std::unique_ptr<Dataset> data, const std::vector<std::string>& names, bool only) {
    if (!data->info().labelled || data->table() != nullptr) {
        throw DataError("Classes are taken out of, or chosen from, a data set of images with labels, and " +
                        data->info().name + " is none.");
    }
    const std::vector<std::string> known = class_names(*data);
    std::vector<bool> keep(known.size(), !only);
    for (const std::string& name : names) {
        const auto found = std::find(known.begin(), known.end(), name);
        if (found == known.end())
            throw DataError("The data set " + data->info().name + " has no class `" + name + "`." +
                            did_you_mean(name, known));
        keep[static_cast<std::size_t>(found - known.begin())] = only;
    }
    return std::make_unique<FilteredClasses>(std::move(data), keep, !only);
}

}  // namespace

std::unique_ptr<Dataset> only_classes(std::unique_ptr<Dataset> data, const std::vector<std::string>& names) {
    return filtered(std::move(data), names, true);
}

std::unique_ptr<Dataset> without_classes(std::unique_ptr<Dataset> data, const std::vector<std::string>& names) {
    return filtered(std::move(data), names, false);
}

}  // namespace misfire
