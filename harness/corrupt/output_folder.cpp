#include "harness/corrupt/output_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/error.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

bool lies_in(const fs::path& path, const fs::path& folder) {
    const fs::path inner = fs::weakly_canonical(path);
    fs::path outer = fs::weakly_canonical(folder);
    if (!outer.has_filename()) outer = outer.parent_path();  // "photos/"
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

bool prepare_folder(const ImageInput& input, const fs::path& out) {
    if (!input.data.images.empty() && lies_in(out, input.data.images)) {
        throw UsageError("The folder " + out.string() + " lies in the folder of the images, " +
                         input.data.images.string() +
                         ": the next command would take its files for images. Choose one beside it.");
    }
    std::error_code error;
    const bool made = fs::create_directories(out, error);
    if (error) {
        throw StoreError("The folder " + out.string() + " cannot be made: " + error.message() +
                         ". Name another, or mend the rights of the folder above it.");
    }
    if (!fs::is_directory(out)) throw StoreError(out.string() + " is a file, not a folder. Name another.");
    if (::access(out.c_str(), W_OK | X_OK) != 0) {
        throw StoreError("The folder " + out.string() + " cannot be written: " + std::strerror(errno) +
                         ". Name another, or mend its rights.");
    }
    return made;
}

FolderLock::FolderLock(const fs::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ < 0)
        throw StoreError("The folder " + folder.string() + " cannot be opened: " + std::strerror(errno) + ".");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return;  // some file systems know no locks
    ::close(descriptor_);
    throw StoreError("Another misfire is writing to " + folder.string() + ". Wait for it, or name another folder.");
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace misfire
