// What a folder of `misfire corrupt` says of itself, so that a killed command goes on and another one is refused.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace misfire {

struct CorruptRecord {
    std::map<std::string, std::string> identity;  // what pixels depend on; keys are words for messages
    std::vector<std::string> entries;             // names in the folder that the command made or will make
    std::size_t samples = 0;
    std::size_t done = 0;            // samples whose files are all written, in the order of the data
    std::size_t unreadable = 0;      // samples among them of which at least one image could not be made
    std::size_t missing = 0;         // images that could not be made
    std::size_t manifest_bytes = 0;  // of manifest.csv that belong to them
    bool complete = false;
};

constexpr const char* corrupt_record_file = ".corrupt.json";
constexpr const char* corrupt_manifest_file = "manifest.csv";
constexpr const char* corrupt_settings_file = "corrupt.yaml";

// Nothing where the folder has none. Throws StoreError when it cannot be read or is damaged.
std::optional<CorruptRecord> read_corrupt_record(const std::filesystem::path& folder);

// Replaces it in one step. Throws StoreError.
void write_corrupt_record(const std::filesystem::path& folder, const CorruptRecord& record);

// Removes everything that the record says was made. Throws StoreError.
void remove_corrupted(const std::filesystem::path& folder, const CorruptRecord& record);

}  // namespace misfire
