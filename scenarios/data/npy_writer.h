// Large .npy files, written piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace misfire {

// A version 1 file whose elements are written where they belong, in any order: memory does not grow with the file.
class NpyWriter {
  public:
    enum class Begin { anew, go_on };

    // anew: makes the file with all elements zero and reserves its space, so that a disk too small is found now. go_on:
    // opens one that was made with the same type and shape. `type` is NumPy's ("|u1", "<i8"). Throws DataError naming
    // the file and the reason.
    NpyWriter(const std::filesystem::path& file, const std::string& type, const std::vector<std::size_t>& shape,
              Begin begin);
    NpyWriter(const NpyWriter&) = delete;
    NpyWriter& operator=(const NpyWriter&) = delete;
    ~NpyWriter();

    // Writes elements in C order from byte `offset` of the array's data on. Thread-safe for ranges that do not overlap.
    void write(std::size_t offset, std::span<const std::uint8_t> bytes);
    void sync();  // what is written is on the disk

  private:
    [[noreturn]] void fail(int reason) const;
    void write_at(std::size_t position, const std::uint8_t* bytes, std::size_t count);

    std::filesystem::path file_;
    int descriptor_ = -1;
    std::size_t header_bytes_ = 0;
    std::size_t data_bytes_ = 1;
};

}  // namespace misfire
