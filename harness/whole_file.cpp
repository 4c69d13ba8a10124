#include "harness/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/error.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, const std::string& reason) {
    throw StoreError("Writing " + file.string() + " failed: " + reason +
                     ". Check the free space and the rights of the folder, then give the same command again.");
}

int open_for_writing(const fs::path& file) {
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

}  // namespace

void write_whole_file(const fs::path& file, std::span<const std::uint8_t> bytes, Durable durable) {
    const fs::path partial = file.parent_path() / ("." + file.filename().string() + ".partial");
    int descriptor = open_for_writing(partial);
    if (descriptor < 0 && errno == ENOENT) {
        std::error_code error;
        fs::create_directories(file.parent_path(), error);
        if (error) fail(file.parent_path(), error.message());
        descriptor = open_for_writing(partial);
    }
    if (descriptor < 0) fail(file, std::strerror(errno));
    int reason = 0;
    while (!bytes.empty() && reason == 0) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            reason = errno;
    }
    if (durable == Durable::yes && reason == 0 && ::fsync(descriptor) != 0) reason = errno;
    if (::close(descriptor) != 0 && reason == 0) reason = errno;
    if (reason == 0 && ::rename(partial.c_str(), file.c_str()) != 0) reason = errno;
    if (reason == 0) return;
    ::unlink(partial.c_str());
    fail(file, std::strerror(reason));
}

void write_whole_file(const fs::path& file, const std::string& text, Durable durable) {
    write_whole_file(file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, durable);
}

}  // namespace misfire
