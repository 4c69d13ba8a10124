#include "scenarios/shifts/files_shift.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <system_error>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/slug.h"
#include "scenarios/data/views.h"
#include "scenarios/shifts/files_levels.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

bool has_final_size(const Image& image, const Geometry& geometry) {
    switch (geometry.kind) {
        case Geometry::Kind::exact: return image.height == geometry.height && image.width == geometry.width;
        case Geometry::Kind::shorter_side_then_crop:
            return image.height == geometry.crop && image.width == geometry.crop;
        case Geometry::Kind::none: break;
    }
    return true;
}

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

std::vector<std::size_t> every_sample(const Dataset& data) {
    std::vector<std::size_t> indices(data.size());
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    return indices;
}

class FilesShift : public Shift {
  public:
    // levels[0] of `info` is the clean data; stored[i] is level i + 1.
    FilesShift(ShiftInfo info, std::vector<std::unique_ptr<StoredLevel>> stored)
        : info_(std::move(info)), stored_(std::move(stored)) {}

    const ShiftInfo& info() const override { return info_; }
    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const override {
        if (level == 0) return std::make_unique<SubsetView>(clean, every_sample(clean));
        return std::make_unique<StoredView>(clean, *stored_.at(level - 1), context.geometry);
    }

  private:
    ShiftInfo info_;
    std::vector<std::unique_ptr<StoredLevel>> stored_;
};

}  // namespace

std::unique_ptr<Shift> make_files_shift(ShiftInfo info, std::vector<std::unique_ptr<StoredLevel>> stored) {
    return std::make_unique<FilesShift>(std::move(info), std::move(stored));
}

ShiftInfo start_files_info(const std::string& name, const std::string& summary, const std::string& unit) {
    ShiftInfo info;
    info.name = to_slug(name);
    info.kind = "files";
    info.summary = summary;
    info.unit = unit;
    info.levels.push_back({0.0, "0"});
    return info;
}

std::string severity_text(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

std::vector<std::string> choose_names(const std::vector<std::string>& asked, const std::vector<std::string>& there,
                                      const fs::path& root, const std::string& what) {
    if (there.empty())
        throw DataError("The folder " + root.string() + " holds no " + what + ". Check `root` and `form`.");
    for (const std::string& name : asked) {
        if (std::find(there.begin(), there.end(), name) != there.end()) continue;
        throw DataError("The folder " + root.string() + " holds no " + what + " `" + name + "`." +
                        did_you_mean(name, there));
    }
    return asked.empty() ? there : asked;
}

std::vector<double> choose_severities(const std::vector<double>& asked, std::vector<double> there,
                                      const std::string& where) {
    std::sort(there.begin(), there.end());
    std::string list;
    for (const double value : there) list += (list.empty() ? "" : ", ") + severity_text(value);
    std::vector<double> chosen;
    for (const double value : asked) {
        if (value == 0.0) continue;  // the clean data, which is level 0 of every shift
        if (std::find(there.begin(), there.end(), value) == there.end()) {
            throw DataError(where + " has no severity " + severity_text(value) + ". It has " + list + ".");
        }
        chosen.push_back(value);
    }
    std::sort(chosen.begin(), chosen.end());
    return asked.empty() ? there : chosen;
}

std::vector<std::unique_ptr<Shift>> open_files_shifts(const FilesSpec& spec, const Dataset& clean) {
    std::error_code ignored;
    if (!fs::is_directory(spec.root, ignored))
        throw DataError("The folder " + spec.root.string() +
                        " does not exist. `root` names the folder of the shifted files.");
    switch (spec.form) {
        case FilesSpec::Form::cifar_c: return open_cifar_c(spec, clean);
        case FilesSpec::Form::imagenet_c: return open_imagenet_c(spec, clean);
        case FilesSpec::Form::folders: break;
    }
    return open_domains(spec, clean);
}

}  // namespace misfire
