// Checksums of data files as everyone writes them.
#pragma once

#include <filesystem>
#include <string>

#include "core/digest.h"

namespace misfire {

// Hexadecimal digest of a file's content. Throws DataError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

// Base64 SHA-512 of a file's content, as in npm's `integrity` after "sha512-". Throws DataError when it cannot be read.
std::string sha512_base64_of_file(const std::filesystem::path& file);

}  // namespace misfire
