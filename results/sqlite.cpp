#include "results/sqlite.h"

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace misfire::sqlite {
namespace {

constexpr const char* nothing_lost =
    " Nothing that was committed is lost: free some space (or raise the limit) and resume the run.";

std::string cause_of(sqlite3* handle, int code) {
    std::string cause = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    if (const int system = handle != nullptr ? sqlite3_system_errno(handle) : 0; system != 0) {
        cause += std::string(", ") + std::strerror(system);
    }
    return cause;
}

}  // namespace

Database::Database(const std::filesystem::path& path, int flags) : path_(path) {
    const int code = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(handle_, 1);
        return;
    }
    try {
        fail(code);
    } catch (...) {
        sqlite3_close_v2(handle_);
        throw;
    }
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::run(const char* sql) const {
    if (const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

void Database::fail(int code) const {
    const std::string name = "the journal " + path_.string();
    const std::string cause = " (" + cause_of(handle_, code) + ")";
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw StoreError(
                name +
                " is locked by another process: a run or resume is writing it. Wait for that one to end, or stop it.");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            throw StoreError(name + " is corrupt or no journal of misfire" + cause +
                             ". Restore the run directory from a copy, or run the scenario again.");
        case SQLITE_FULL: throw StoreError(name + " cannot grow: the disk is full" + cause + "." + nothing_lost);
        case SQLITE_IOERR: throw StoreError(name + " cannot be read or written" + cause + "." + nothing_lost);
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            throw StoreError(name + " is not writable" + cause +
                             ". Make the run directory writable, or choose another.");
        case SQLITE_CANTOPEN:
            throw StoreError(name + " cannot be opened" + cause +
                             ". Check that the folder exists and may be read and written.");
        case SQLITE_NOMEM: throw StoreError(name + ": out of memory.");
        default: throw StoreError(name + " failed" + cause + ".");
    }
}

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
    const int code =
        sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
    if (code != SQLITE_OK) database.fail(code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int index, std::string_view text) {
    const int code = sqlite3_bind_text64(statement_, index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                                         SQLITE_UTF8);
    if (code != SQLITE_OK) database_.fail(code);
    return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
    if (const int code = sqlite3_bind_int64(statement_, index, value); code != SQLITE_OK) database_.fail(code);
    return *this;
}

Statement& Statement::bind(int index, double value) {
    if (const int code = sqlite3_bind_double(statement_, index, value); code != SQLITE_OK) database_.fail(code);
    return *this;
}

Statement& Statement::bind(int index, std::span<const std::byte> blob) {
    const int code = sqlite3_bind_blob64(statement_, index, blob.empty() ? "" : static_cast<const void*>(blob.data()),
                                         blob.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) database_.fail(code);
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_.fail(code);
    return false;
}

std::string Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return data == nullptr ? "" : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::span<const std::byte> Statement::blob(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {data, data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace misfire::sqlite
