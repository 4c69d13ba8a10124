// What the three forms of existing files share: levels that hold an image for a clean sample.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/shift.h"
#include "scenarios/shifts/files_shift.h"

namespace misfire {

// Samples per level, or pages per array, looked at when a shift is opened: trees may hold millions of files.
constexpr std::size_t files_probes = 64;

// One level as stored.
class StoredLevel {
  public:
    virtual ~StoredLevel() = default;
    // The image that belongs to a clean sample. Thread-safe. Throws DataError when it cannot be read.
    virtual Image read(const SampleKey& clean) const = 0;
};

// A shift whose level 0 is the clean data and whose level i is stored[i - 1]; info.levels names them all.
std::unique_ptr<Shift> make_files_shift(ShiftInfo info, std::vector<std::unique_ptr<StoredLevel>> stored);

// ShiftInfo with the clean level in place.
ShiftInfo start_files_info(const std::string& name, const std::string& summary, const std::string& unit);

// Shortest decimal text: 3 -> "3", 0.5 -> "0.5".
std::string severity_text(double value);

// The names asked for, or all of `there`. Throws DataError when there are none or one is unknown; `what` says of what.
std::vector<std::string> choose_names(const std::vector<std::string>& asked, const std::vector<std::string>& there,
                                      const std::filesystem::path& root, const std::string& what);

// The severities asked for but 0, or all of `there`; ascending. Throws DataError for one that is not there.
std::vector<double> choose_severities(const std::vector<double>& asked, std::vector<double> there,
                                      const std::string& where);

std::vector<std::unique_ptr<Shift>> open_cifar_c(const FilesSpec& spec, const Dataset& clean);
std::vector<std::unique_ptr<Shift>> open_imagenet_c(const FilesSpec& spec, const Dataset& clean);
std::vector<std::unique_ptr<Shift>> open_domains(const FilesSpec& spec, const Dataset& clean);

}  // namespace misfire
