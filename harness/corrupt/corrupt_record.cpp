#include "harness/corrupt/corrupt_record.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "core/error.h"
#include "harness/whole_file.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr int record_version = 1;

}  // namespace

std::optional<CorruptRecord> read_corrupt_record(const fs::path& folder) {
    const fs::path file = folder / corrupt_record_file;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    try {
        const nlohmann::json json = nlohmann::json::parse(text.str());
        if (json.at("version").get<int>() != record_version) {
            throw StoreError(file.string() + " was written by another version of misfire. Take a new folder.");
        }
        CorruptRecord record;
        json.at("identity").get_to(record.identity);
        json.at("entries").get_to(record.entries);
        json.at("samples").get_to(record.samples);
        json.at("done").get_to(record.done);
        json.at("unreadable").get_to(record.unreadable);
        json.at("missing").get_to(record.missing);
        json.at("manifest_bytes").get_to(record.manifest_bytes);
        json.at("complete").get_to(record.complete);
        return record;
    } catch (const nlohmann::json::exception&) {
        throw StoreError(file.string() + " is damaged, so what lies beside it cannot be trusted. Take a new folder.");
    }
}

void write_corrupt_record(const fs::path& folder, const CorruptRecord& record) {
    const nlohmann::json json = {{"version", record_version},  {"identity", record.identity},
                                 {"entries", record.entries},  {"samples", record.samples},
                                 {"done", record.done},        {"unreadable", record.unreadable},
                                 {"missing", record.missing},  {"manifest_bytes", record.manifest_bytes},
                                 {"complete", record.complete}};
    write_whole_file(folder / corrupt_record_file, json.dump(1) + "\n", Durable::yes);
}

void remove_corrupted(const fs::path& folder, const CorruptRecord& record) {
    std::vector<std::string> names = record.entries;
    names.insert(names.end(), {corrupt_manifest_file, corrupt_settings_file, corrupt_record_file});
    for (const std::string& name : names) {
        // The record is a file that anybody may have edited: nothing outside the folder is touched.
        if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) continue;
        std::error_code error;
        fs::remove_all(folder / name, error);
        if (error)
            throw StoreError((folder / name).string() + " cannot be removed to start over: " + error.message() + ".");
    }
}

}  // namespace misfire
