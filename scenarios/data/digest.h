// Checksums as everyone writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace misfire {

// A running SHA-2 digest.
class Digest {
  public:
    enum class Kind { sha256, sha512 };
    explicit Digest(Kind kind);
    Digest& add(std::string_view bytes);
    Digest& add(std::span<const std::uint8_t> bytes);
    // Ends the digest; nothing may be added afterwards.
    std::vector<std::uint8_t> bytes();
    std::string hex();

  private:
    std::shared_ptr<void> context_;
};

// Hexadecimal digest of a file's content. Throws DataError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

// Base64 SHA-512 of a file's content, as in npm's `integrity` after "sha512-". Throws DataError when it cannot be read.
std::string sha512_base64_of_file(const std::filesystem::path& file);

}  // namespace misfire
