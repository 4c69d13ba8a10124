// manifest.csv: one row per image that `misfire corrupt` made or could not make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace misfire {

struct ManifestRow {
    std::string file;                // relative to the folder; "" for an image that is not there
    std::optional<std::size_t> row;  // in an array
    std::string source_id;
    std::string perturbation;
    std::string severity;
    std::string parameter_set;  // which published parameters the size of the image got
    std::string drawn;          // choice and severity that the sample drew, "" where nothing is drawn
    std::uint64_t seed = 0;
    std::string error;  // reason; "" when all is well
};

// Columns file, row, source_id, perturbation, severity, parameter_set, drawn, seed, status (ok | error), message;
// quoted as RFC 4180 says, lines end in \n.
class Manifest {
  public:
    // Goes on after the first `bytes` bytes and cuts off what follows; 0: begins anew. Throws StoreError.
    Manifest(const std::filesystem::path& file, std::size_t bytes);
    void add(const ManifestRow& row);
    std::size_t bytes() const { return bytes_; }  // so far
    void flush();                                 // throws StoreError

  private:
    void put(const std::string& line);

    std::filesystem::path file_;
    std::ofstream stream_;
    std::size_t bytes_ = 0;
};

}  // namespace misfire
