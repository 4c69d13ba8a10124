// Reads whole objects of one HDF5 file. Inner header of
// results/read_summary.cpp and results_file.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/hdf5_handles.h"

namespace misfire::hdf5 {

struct ColumnKind {
    std::string name;
    bool is_text = false;  // otherwise a number
};

// Every member throws StoreError naming the file and what is wrong with it. The caller holds a LibraryLock.
class Reader {
  public:
    explicit Reader(const std::filesystem::path& path);

    std::optional<std::string> text_attribute(const std::string& path, const std::string& name) const;
    std::optional<std::int64_t> integer_attribute(const std::string& path, const std::string& name) const;
    std::optional<std::uint64_t> unsigned_attribute(const std::string& path, const std::string& name) const;
    std::map<std::string, std::string> text_attributes(const std::string& path) const;

    // Columns of a table in their order; none where the object is no table.
    std::vector<ColumnKind> columns(const std::string& table) const;
    // One column of a table.
    std::vector<std::string> texts(const std::string& table, const std::string& column) const;
    std::vector<double> reals(const std::string& table, const std::string& column) const;
    std::vector<std::int64_t> integers(const std::string& table, const std::string& column) const;

    std::vector<std::string> strings(const std::string& path) const;  // one-dimensional, variable-length
    std::vector<double> array(const std::string& path) const;         // any rank, row-major
    std::vector<float> floats(const std::string& path) const;         // likewise
    std::vector<std::int32_t> integers32(const std::string& path) const;
    std::vector<std::int8_t> bytes(const std::string& path) const;
    std::vector<std::string> children(const std::string& group) const;  // ascending by name

    // Whether there is an object of this absolute path.
    bool has(const std::string& path) const;

    [[noreturn]] void corrupt(const std::string& what) const;

  private:
    Handle open_dataset(const std::string& path) const;
    Handle open_object(const std::string& path) const;
    std::size_t elements(const Handle& dataset, const std::string& path) const;
    template <typename T>
    std::vector<T> array_of(const std::string& path, hid_t number) const;
    template <typename T>
    std::vector<T> numbers(const std::string& table, const std::string& column, hid_t number) const;
    Handle attribute(const Handle& object, const std::string& name) const;
    std::string text_of(const Handle& attribute, const std::string& name) const;

    std::filesystem::path path_;
    Handle file_;
};

}  // namespace misfire::hdf5
