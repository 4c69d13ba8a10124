#include "models/digest.h"

#include <algorithm>
#include <cctype>

#include "core/digest.h"

namespace misfire {

std::string model_file_sha256(const std::filesystem::path& path) {
    return digest_of_file<ModelError>(Digest::Kind::sha256, path).hex();
}

void check_sha256(const std::filesystem::path& path, const std::string& actual, const std::string& expected,
                  const std::string& source) {
    std::string wanted = expected;
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (wanted.empty() || wanted == actual) return;
    throw ModelError(path.string() + " has the SHA-256 " + actual + ", but " + source + " expects " + expected +
                     ": it is another file or was changed. Get the right one, or correct the expectation.");
}

}  // namespace misfire
