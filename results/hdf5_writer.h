// Writes one HDF5 file as a whole: beside its place first, then fsynced and renamed. Inner header of results/store.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "results/hdf5_handles.h"

namespace misfire::hdf5 {

// A column of a table: strings become fixed-length UTF-8, as long as the longest.
struct Column {
    std::string name;
    std::variant<std::vector<std::string>, std::vector<double>, std::vector<std::int64_t>, std::vector<std::int8_t>>
        values;
};

// Every member throws StoreError naming the file, the cause and the remedy, after which only destruction is allowed: it
// removes the partial file. Groups on the way to an object are created. The caller holds a LibraryLock.
class Writer {
  public:
    explicit Writer(const std::filesystem::path& path);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void group(const std::string& path);
    // On an object that exists; "/" is the file.
    void attribute(const std::string& path, const std::string& name, const std::string& text);
    void attribute(const std::string& path, const std::string& name, std::int64_t value);
    void attribute(const std::string& path, const std::string& name, std::uint64_t value);
    // One-dimensional compound dataset, one member per column.
    void table(const std::string& path, const std::vector<Column>& columns);
    // Variable-length UTF-8.
    void strings(const std::string& path, const std::vector<std::string>& values);
    // Row-major; the extents multiply to values.size().
    void array(const std::string& path, std::span<const double> values, const std::vector<hsize_t>& extents);
    void array(const std::string& path, std::span<const float> values, const std::vector<hsize_t>& extents);
    void array(const std::string& path, std::span<const std::int32_t> values, const std::vector<hsize_t>& extents);
    void array(const std::string& path, std::span<const std::int8_t> values, const std::vector<hsize_t>& extents);
    void array(const std::string& path, std::span<const std::uint8_t> values, const std::vector<hsize_t>& extents);
    // Makes a one-dimensional dataset the scale of a dimension of another.
    void scale(const std::string& dataset, unsigned dimension, const std::string& scale, const std::string& name);
    // Pushes everything written so far into the file, so that what follows comes last.
    void flush();
    // Puts the file in its place.
    void finish();

  private:
    hid_t check(hid_t id);
    void check_call(herr_t code);
    [[noreturn]] void fail(const std::string& cause);
    void abandon();
    Handle dataset(const std::string& path, hid_t type, const std::vector<hsize_t>& extents, bool growing);
    void array_of(const std::string& path, hid_t type, const void* data, std::size_t size,
                  const std::vector<hsize_t>& extents);
    void attribute_of(const std::string& path, const std::string& name, hid_t type, const void* data);
    Handle string_type(std::size_t length);

    std::filesystem::path path_;
    std::filesystem::path partial_;
    hid_t file_ = H5I_INVALID_HID;
    bool finished_ = false;
};

}  // namespace misfire::hdf5
