// What reading and writing HDF5 share: handles that close themselves, the library's lock, its error stack as text.
// Inner header.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

namespace misfire::hdf5 {

class Handle {
  public:
    using Close = herr_t (*)(hid_t);
    Handle(hid_t id, Close close) : id_(id), close_(close) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
    Handle& operator=(Handle&&) = delete;
    ~Handle() {
        if (id_ >= 0) close_(id_);
    }
    hid_t get() const { return id_; }
    bool valid() const { return id_ >= 0; }

  private:
    hid_t id_;
    Close close_;
};

// Debian's HDF5 is not thread-safe: every use of it holds this for as long as a file is open. Also keeps the library
// from printing its error stack.
class LibraryLock {
  public:
    LibraryLock();

  private:
    std::unique_lock<std::mutex> lock_;
};

// The innermost message of HDF5's current error stack, which names the cause; then clears the stack.
std::string error_text();

}  // namespace misfire::hdf5
