// Fingerprints of files.
#pragma once

#include <filesystem>
#include <string>

namespace misfire {

// SHA-256 of the file's bytes as 64 lower-case hexadecimal digits. Throws ModelError when the file cannot be read.
std::string model_file_sha256(const std::filesystem::path& path);

// Throws ModelError unless `expected` (any case) is "" or equals `actual`. `source` says who expects it: "the card
// net.yaml".
void check_sha256(const std::filesystem::path& path, const std::string& actual, const std::string& expected,
                  const std::string& source);

}  // namespace misfire
