// Fingerprints of files.
#pragma once

#include <filesystem>
#include <string>

namespace misfire {

// SHA-256 of the file's bytes as 64 lower-case hexadecimal digits. Throws ModelError when the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace misfire
