#include "scenarios/data/npy_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "scenarios/data/npy.h"

namespace misfire {

namespace {

// Zeros on the disk; where the file system cannot reserve space, only the length is set.
int reserve(int descriptor, std::size_t bytes) {
    const auto length = static_cast<off_t>(bytes);
    if (::fallocate(descriptor, 0, 0, length) == 0) return 0;
    if (errno != EOPNOTSUPP && errno != ENOSYS) return errno;
    return ::ftruncate(descriptor, length) == 0 ? 0 : errno;
}

}  // namespace

NpyWriter::NpyWriter(const std::filesystem::path& file, const std::string& type, const std::vector<std::size_t>& shape,
                     Begin begin)
    : file_(file) {
    const std::string header = npy_header(type, shape);
    header_bytes_ = header.size();
    data_bytes_ = static_cast<std::size_t>(type.back() - '0');
    for (const std::size_t side : shape) data_bytes_ *= side;
    const std::size_t size = header_bytes_ + data_bytes_;
    const bool anew = begin == Begin::anew;
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CLOEXEC | (anew ? O_CREAT | O_TRUNC : 0), 0666);
    if (descriptor_ < 0) fail(errno);
    try {
        if (anew) {
            if (const int reason = reserve(descriptor_, size); reason != 0) fail(reason);
            write_at(0, reinterpret_cast<const std::uint8_t*>(header.data()), header.size());
            return;
        }
        std::string there(header.size(), '\0');
        struct stat status {};
        if (::fstat(descriptor_, &status) != 0 || static_cast<std::size_t>(status.st_size) != size ||
            ::pread(descriptor_, there.data(), there.size(), 0) != static_cast<ssize_t>(there.size()) ||
            there != header) {
            throw DataError(file.string() +
                            " is not the array that was begun: another type, shape or length. Start over.");
        }
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

NpyWriter::~NpyWriter() { ::close(descriptor_); }

void NpyWriter::fail(int reason) const {
    throw DataError("Writing the array " + file_.string() + " (" + std::to_string(header_bytes_ + data_bytes_) +
                    " bytes) failed: " + std::strerror(reason) +
                    ". Check the free space and the rights of the folder.");
}

void NpyWriter::write(std::size_t offset, std::span<const std::uint8_t> bytes) {
    if (offset > data_bytes_ || bytes.size() > data_bytes_ - offset)
        throw InternalError("a piece of " + file_.string() + " lies outside its array.");
    write_at(header_bytes_ + offset, bytes.data(), bytes.size());
}

void NpyWriter::write_at(std::size_t position, const std::uint8_t* bytes, std::size_t count) {
    while (count > 0) {
        const ssize_t written = ::pwrite(descriptor_, bytes, count, static_cast<off_t>(position));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail(written < 0 ? errno : ENOSPC);
        bytes += written;
        position += static_cast<std::size_t>(written);
        count -= static_cast<std::size_t>(written);
    }
}

void NpyWriter::sync() {
    if (::fdatasync(descriptor_) != 0) fail(errno);
}

}  // namespace misfire
