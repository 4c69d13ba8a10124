#include "harness/fit_cache.h"

#include <unistd.h>

#include <cstring>
#include <fstream>
#include <span>

#include "core/digest.h"
#include "core/install_paths.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr char magic[8] = {'M', 'F', 'F', 'I', 'T', '0', '0', '1'};
constexpr std::size_t digest_bytes = 32;

struct Header {
    char magic[8];
    std::int64_t rows;
    std::int64_t columns;
    std::int64_t features;  // numbers in all
};

std::vector<std::uint8_t> digest_of(const Header& header, const Outputs& outputs) {
    Digest digest(Digest::Kind::sha256);
    digest.add(&header, sizeof header);
    digest.add(outputs.values.data(), outputs.values.size() * sizeof(float));
    digest.add(outputs.features.data(), outputs.features.size() * sizeof(float));
    return digest.bytes();
}

fs::path file_of(const std::string& key) { return fit_cache_folder() / (key + ".bin"); }

}  // namespace

fs::path fit_cache_folder() { return user_cache_folder() / "fit"; }

std::optional<Outputs> read_fit_cache(const std::string& key) {
    std::ifstream in(file_of(key), std::ios::binary);
    Header header{};
    if (!in.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file_of(key), error);
    const std::int64_t most = 1LL << 40;
    const bool sane = std::memcmp(header.magic, magic, sizeof magic) == 0 && header.rows >= 0 && header.rows < most &&
                      header.columns >= 0 && header.columns < (1 << 24) && header.features >= 0 &&
                      header.features < most;
    if (error || !sane) return std::nullopt;
    const auto values = static_cast<std::size_t>(header.rows * header.columns);
    const auto features = static_cast<std::size_t>(header.features);
    if (size != sizeof header + digest_bytes + (values + features) * sizeof(float)) return std::nullopt;
    Outputs outputs;
    outputs.rows = header.rows;
    outputs.columns = header.columns;
    outputs.values.resize(values);
    outputs.features.resize(features);
    std::vector<std::uint8_t> digest(digest_bytes);
    in.read(reinterpret_cast<char*>(digest.data()), digest_bytes);
    in.read(reinterpret_cast<char*>(outputs.values.data()), static_cast<std::streamsize>(values * sizeof(float)));
    in.read(reinterpret_cast<char*>(outputs.features.data()), static_cast<std::streamsize>(features * sizeof(float)));
    if (!in || digest != digest_of(header, outputs)) return std::nullopt;
    return outputs;
}

void write_fit_cache(const std::string& key, const Outputs& outputs) {
    Header header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.rows = outputs.rows;
    header.columns = outputs.columns;
    header.features = static_cast<std::int64_t>(outputs.features.size());
    const std::vector<std::uint8_t> digest = digest_of(header, outputs);
    std::error_code ignored;
    fs::create_directories(fit_cache_folder(), ignored);
    const fs::path unfinished = fit_cache_folder() / (key + "." + std::to_string(::getpid()) + ".part");
    bool whole = false;
    {
        std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
        const auto put = [&out](const void* data, std::size_t bytes) {
            out.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
        };
        put(&header, sizeof header);
        put(digest.data(), digest.size());
        put(outputs.values.data(), outputs.values.size() * sizeof(float));
        put(outputs.features.data(), outputs.features.size() * sizeof(float));
        out.flush();
        whole = out.good();
    }
    if (whole) fs::rename(unfinished, file_of(key), ignored);
    if (!whole || ignored) fs::remove(unfinished, ignored);
}

}  // namespace misfire
