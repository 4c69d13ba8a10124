// NumPy's .npy files (format versions 1 to 3): memory-mapped reading and plain writing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace misfire {

// A C-ordered, little-endian array whose values stay in the file until they are looked at. Read-only and thread-safe.
class NpyArray {
  public:
    // Throws DataError: missing, not .npy, truncated, Fortran order, big-endian, or a type other than integers, floats
    // and bool.
    explicit NpyArray(const std::filesystem::path& file);
    NpyArray(const NpyArray&) = delete;
    NpyArray& operator=(const NpyArray&) = delete;
    ~NpyArray();

    const std::filesystem::path& file() const { return file_; }
    char kind() const { return kind_; }  // 'u', 'i', 'f' or 'b'
    std::size_t item_bytes() const { return item_bytes_; }
    std::string type_name() const;  // "uint8", "float32", ...
    const std::vector<std::size_t>& shape() const { return shape_; }
    std::string shape_text() const;  // "[1000, 28, 28]"
    std::span<const std::uint8_t> bytes() const { return {data_, data_bytes_}; }
    // Element of an integer array, widened. Requires kind 'u', 'i' or 'b' and i below the number of elements.
    std::int64_t integer(std::size_t i) const;

  private:
    void read_header();

    std::filesystem::path file_;
    void* mapping_ = nullptr;
    std::size_t mapping_bytes_ = 0;
    const std::uint8_t* data_ = nullptr;
    std::size_t data_bytes_ = 0;
    char kind_ = 0;
    std::size_t item_bytes_ = 0;
    std::vector<std::size_t> shape_;
};

// What stands in front of the elements of a version 1 file.
std::string npy_header(const std::string& type, const std::vector<std::size_t>& shape);

// Writes a version 1 file. `type` is NumPy's ("|u1", "<i8"); bytes are the elements in C order. Throws DataError when
// the disk is full or the folder cannot be written.
void write_npy(const std::filesystem::path& file, const std::string& type, const std::vector<std::size_t>& shape,
               std::span<const std::uint8_t> bytes);

}  // namespace misfire
