// Archives of package registries: npm packages are gzipped tar archives whose entries lie below package/, Debian
// packages are ar archives in which a compressed tar archive holds the files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

// Writes the wanted files of a package into `folder`: paths below package/ (npm), or below the root of the file system
// (unpack_debian_package). Throws DataError: no archive, broken, a wanted file missing, disk full.
void unpack_package(const std::filesystem::path& archive, const std::vector<std::string>& members,
                    const std::filesystem::path& folder);
void unpack_debian_package(const std::filesystem::path& archive, const std::vector<std::string>& members,
                           const std::filesystem::path& folder);

}  // namespace misfire
