#include "scenarios/data/digest.h"

#include <openssl/evp.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/error.h"

namespace misfire {

namespace {

EVP_MD_CTX* context_of(const std::shared_ptr<void>& context) { return static_cast<EVP_MD_CTX*>(context.get()); }

void require(int openssl_result) {
    if (openssl_result != 1) throw InternalError("OpenSSL refused to compute a digest.");
}

std::vector<std::uint8_t> digest_of_file(Digest::Kind kind, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw DataError(file.string() + " cannot be read: " + std::strerror(errno) + ". Check the path.");
    Digest digest(kind);
    std::vector<char> buffer(1U << 20);
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        digest.add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
    }
    if (in.bad()) throw DataError(file.string() + " cannot be read to its end: " + std::strerror(errno) + ".");
    return digest.bytes();
}

std::string to_hex(const std::vector<std::uint8_t>& bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace

Digest::Digest(Kind kind)
    : context_(EVP_MD_CTX_new(), [](void* context) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); }) {
    require(EVP_DigestInit_ex(context_of(context_), kind == Kind::sha256 ? EVP_sha256() : EVP_sha512(), nullptr));
}

Digest& Digest::add(std::string_view bytes) {
    require(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()));
    return *this;
}

Digest& Digest::add(std::span<const std::uint8_t> bytes) {
    require(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()));
    return *this;
}

std::vector<std::uint8_t> Digest::bytes() {
    std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    require(EVP_DigestFinal_ex(context_of(context_), out.data(), &length));
    out.resize(length);
    return out;
}

std::string Digest::hex() { return to_hex(bytes()); }

std::string sha256_of_file(const std::filesystem::path& file) {
    return to_hex(digest_of_file(Digest::Kind::sha256, file));
}

std::string sha512_base64_of_file(const std::filesystem::path& file) {
    const std::vector<std::uint8_t> bytes = digest_of_file(Digest::Kind::sha512, file);
    std::vector<std::uint8_t> text(4 * ((bytes.size() + 2) / 3) + 1);
    const int length = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    return {text.begin(), text.begin() + length};
}

}  // namespace misfire
