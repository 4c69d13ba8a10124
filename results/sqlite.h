// SQLite handles that close themselves, and its error codes as sentences. Inner header of results/journal.cpp.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace misfire::sqlite {

class Database;

// A prepared statement. Parameters are numbered from 1, columns from 0. Text and blobs bound must live until step()
// returns.
class Statement {
  public:
    Statement(const Database& database, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int index, std::string_view text);
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, double value);
    Statement& bind(int index, std::span<const std::byte> blob);
    bool step();  // true: a row is there
    std::string text(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::span<const std::byte> blob(int column) const;  // until the next step

  private:
    const Database& database_;
    sqlite3_stmt* statement_ = nullptr;
};

class Database {
  public:
    // flags: SQLITE_OPEN_...
    Database(const std::filesystem::path& path, int flags);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void run(const char* sql) const;
    // Throws the StoreError that fits the result code of the last call.
    [[noreturn]] void fail(int code) const;
    const std::filesystem::path& path() const { return path_; }
    sqlite3* handle() const { return handle_; }

  private:
    std::filesystem::path path_;
    sqlite3* handle_ = nullptr;
};

}  // namespace misfire::sqlite
