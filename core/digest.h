// SHA-2 digests of bytes and files. The one part of core/ that needs more than the standard library: OpenSSL's
// libcrypto.
#pragma once

#include <openssl/evp.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace misfire {

// A running digest.
class Digest {
  public:
    enum class Kind { sha256, sha512 };

    explicit Digest(Kind kind) : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        require(EVP_DigestInit_ex(context_.get(), kind == Kind::sha256 ? EVP_sha256() : EVP_sha512(), nullptr));
    }

    Digest& add(const void* bytes, std::size_t count) {
        require(EVP_DigestUpdate(context_.get(), bytes, count));
        return *this;
    }
    Digest& add(std::string_view text) { return add(text.data(), text.size()); }
    Digest& add(std::span<const std::uint8_t> bytes) { return add(bytes.data(), bytes.size()); }

    // Ends the digest; nothing may be added afterwards.
    std::vector<std::uint8_t> bytes() {
        std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
        unsigned length = 0;
        require(EVP_DigestFinal_ex(context_.get(), out.data(), &length));
        out.resize(length);
        return out;
    }

    // The same as lower-case hexadecimal digits.
    std::string hex() {
        constexpr char digits[] = "0123456789abcdef";
        std::string text;
        for (const std::uint8_t byte : bytes()) {
            text += digits[byte >> 4];
            text += digits[byte & 15];
        }
        return text;
    }

  private:
    static void require(int openssl_result) {
        if (openssl_result != 1) throw InternalError("OpenSSL refused to compute a digest.");
    }
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// Digest of a file's content. Throws ReadError, the exception of the calling room, naming file and reason.
template <typename ReadError>
Digest digest_of_file(Digest::Kind kind, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw ReadError(file.string() + " cannot be read: " + std::strerror(errno) + ". Check path and permissions.");
    Digest digest(kind);
    std::vector<char> buffer(1U << 20);
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        digest.add(buffer.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) throw ReadError(file.string() + " cannot be read to its end: " + std::strerror(errno) + ".");
    return digest;
}

}  // namespace misfire
