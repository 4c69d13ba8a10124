// Tables of results.h5 that have no rows of their own in RunResults (monitors, checks, ...), as text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

struct NamedTable {
    std::string name;  // without the leading '/'
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;  // numbers as %.6g, "" for NaN
};

// The compound datasets at the root of the file other than those that read_summary() reads, by name. Throws StoreError
// as read_summary().
std::vector<NamedTable> read_other_tables(const std::filesystem::path& path);

}  // namespace misfire
