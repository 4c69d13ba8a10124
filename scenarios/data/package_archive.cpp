#include "scenarios/data/package_archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "core/error.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t block_bytes = 1U << 16;

using Archive = std::unique_ptr<archive, int (*)(archive*)>;

[[noreturn]] void fail(const fs::path& file, archive* reader) {
    const char* reason = archive_error_string(reader);
    throw DataError("The package " + file.string() +
                    " cannot be unpacked: " + (reason != nullptr ? reason : "unknown error") + ".");
}

void write_entry(archive* reader, const fs::path& archive_file, const fs::path& to) {
    std::ofstream out(to, std::ios::binary | std::ios::trunc);
    std::vector<char> block(block_bytes);
    for (la_ssize_t count = 0; (count = archive_read_data(reader, block.data(), block.size())) != 0;) {
        if (count < 0) fail(archive_file, reader);
        out.write(block.data(), count);
        if (!out) break;
    }
    out.close();
    if (!out)
        throw DataError("Writing " + to.string() + " failed: " + std::strerror(errno) + ". Check the free space.");
}

// Entries are named prefix + member.
void unpack_tar(const fs::path& archive_file, const std::string& prefix, const std::vector<std::string>& members,
                const fs::path& folder) {
    const Archive reader(archive_read_new(), archive_read_free);
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), archive_file.c_str(), block_bytes) != ARCHIVE_OK)
        fail(archive_file, reader.get());
    std::vector<std::string> missing = members;
    archive_entry* entry = nullptr;
    int state = ARCHIVE_OK;
    while (!missing.empty() && (state = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF) {
        if (state < ARCHIVE_WARN) fail(archive_file, reader.get());
        const std::string path = archive_entry_pathname(entry);
        const auto wanted = std::find_if(missing.begin(), missing.end(),
                                         [&](const std::string& name) { return path == prefix + name; });
        if (wanted == missing.end()) continue;
        std::error_code error;
        fs::create_directories((folder / *wanted).parent_path(), error);  // its failure is that of the file in it
        write_entry(reader.get(), archive_file, folder / *wanted);
        missing.erase(wanted);
    }
    if (!missing.empty())
        throw DataError("The package " + archive_file.string() + " does not hold " + missing.front() + ".");
}

// The inner archive of a Debian package, "data.tar.xz" or compressed in another way.
void extract_data_archive(const fs::path& archive_file, const fs::path& to) {
    const Archive reader(archive_read_new(), archive_read_free);
    archive_read_support_format_ar(reader.get());
    if (archive_read_open_filename(reader.get(), archive_file.c_str(), block_bytes) != ARCHIVE_OK)
        fail(archive_file, reader.get());
    archive_entry* entry = nullptr;
    int state = ARCHIVE_OK;
    while ((state = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF) {
        if (state < ARCHIVE_WARN) fail(archive_file, reader.get());
        if (!std::string(archive_entry_pathname(entry)).starts_with("data.tar")) continue;
        write_entry(reader.get(), archive_file, to);
        return;
    }
    throw DataError("The package " + archive_file.string() + " is no Debian package: it has no data.tar.");
}

}  // namespace

void unpack_package(const fs::path& archive_file, const std::vector<std::string>& members, const fs::path& folder) {
    unpack_tar(archive_file, "package/", members, folder);
}

void unpack_debian_package(const fs::path& archive_file, const std::vector<std::string>& members,
                           const fs::path& folder) {
    const fs::path data = folder / "data.tar";
    extract_data_archive(archive_file, data);
    unpack_tar(data, "./", members, folder);
    fs::remove(data);
}

}  // namespace misfire
