#include "scenarios/data/digest.h"

namespace misfire {

std::string sha256_of_file(const std::filesystem::path& file) {
    return digest_of_file<DataError>(Digest::Kind::sha256, file).hex();
}

std::string sha512_base64_of_file(const std::filesystem::path& file) {
    const std::vector<std::uint8_t> bytes = digest_of_file<DataError>(Digest::Kind::sha512, file).bytes();
    std::vector<std::uint8_t> text(4 * ((bytes.size() + 2) / 3) + 1);
    const int length = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    return {text.begin(), text.begin() + length};
}

}  // namespace misfire
