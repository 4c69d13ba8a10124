#include "harness/corrupt/manifest.h"

#include <system_error>

#include "core/error.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

std::string field(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

}  // namespace

Manifest::Manifest(const fs::path& file, std::size_t bytes) : file_(file) {
    std::error_code error;
    if (bytes > 0) {
        const std::uintmax_t there = fs::file_size(file, error);
        if (error || there < bytes)
            throw StoreError(file.string() +
                             " was changed since it was written. Start over with --force, or name another folder.");
        fs::resize_file(file, bytes, error);
    }
    stream_.open(file, std::ios::binary | (bytes > 0 ? std::ios::app : std::ios::trunc));
    bytes_ = bytes;
    if (bytes == 0) put("file,row,source_id,perturbation,severity,parameter_set,drawn,seed,status,message\n");
    flush();
}

void Manifest::add(const ManifestRow& row) {
    put(field(row.file) + "," + (row.row ? std::to_string(*row.row) : "") + "," + field(row.source_id) + "," +
        row.perturbation + "," + row.severity + "," + field(row.parameter_set) + "," + field(row.drawn) + "," +
        std::to_string(row.seed) + "," + (row.error.empty() ? "ok" : "error") + "," + field(row.error) + "\n");
}

void Manifest::put(const std::string& line) {
    stream_ << line;
    bytes_ += line.size();
}

void Manifest::flush() {
    stream_.flush();
    if (!stream_)
        throw StoreError("Writing " + file_.string() +
                         " failed. Check the free space and the rights of the folder, then give the same command "
                         "again: it goes on where it stopped.");
}

}  // namespace misfire
