#include "results/journal.h"

#include <chrono>
#include <mutex>
#include <utility>

#include "core/error.h"
#include "results/outcomes.h"
#include "results/sqlite.h"

namespace misfire {
namespace {

constexpr int journal_schema_version = 1;
constexpr const char* application = "misfire journal";
constexpr std::chrono::milliseconds commit_interval{500};

// WITHOUT ROWID is left out for tiles: it would put the blobs into the index.
constexpr const char* schema = R"(
    CREATE TABLE about (application TEXT NOT NULL, schema_version INTEGER NOT NULL);
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE tiles (cell TEXT NOT NULL, block INTEGER NOT NULL, status INTEGER NOT NULL, message TEXT NOT NULL,
                        seconds REAL NOT NULL, outcomes BLOB NOT NULL, PRIMARY KEY (cell, block));
    CREATE TABLE bad_inputs (cell TEXT NOT NULL, id TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (cell, id));
    CREATE TABLE block_digests (block INTEGER PRIMARY KEY, digest TEXT NOT NULL);
)";

Status status_from(std::int64_t code, const sqlite::Database& database) {
    if (code < 0 || code > static_cast<std::int64_t>(Status::undefined)) database.fail(SQLITE_CORRUPT);
    return static_cast<Status>(code);
}

void check_version(const sqlite::Database& database) {
    std::string found;
    std::int64_t version = 0;
    {
        sqlite::Statement table(database, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'about'");
        if (!table.step() || table.integer(0) == 0) database.fail(SQLITE_NOTADB);
        sqlite::Statement about(database, "SELECT application, schema_version FROM about");
        if (about.step()) {
            found = about.text(0);
            version = about.integer(1);
        }
    }
    if (found != application) database.fail(SQLITE_NOTADB);
    if (version > journal_schema_version) {
        throw StoreError("the journal " + database.path().string() + " has schema " + std::to_string(version) +
                         "; this misfire knows up to " + std::to_string(journal_schema_version) +
                         ". It was written by a newer misfire: use that one.");
    }
}

void check_whole(const sqlite::Database& database) {
    sqlite::Statement check(database, "PRAGMA quick_check(1)");
    if (check.step() && check.text(0) != "ok") {
        throw StoreError("the journal " + database.path().string() + " is corrupt (" + check.text(0) +
                         "). Restore the run directory from a copy, or run the scenario again.");
    }
}

}  // namespace

struct Journal::State {
    State(const std::filesystem::path& path, int flags) : database(path, flags) {}
    ~State() {
        try {
            commit();
        } catch (const StoreError&) {  // flush() is there for those who want to know
        }
    }

    void lock_for_writing() {
        database.run("PRAGMA locking_mode = EXCLUSIVE");
        database.run("PRAGMA journal_mode = DELETE");
        database.run("PRAGMA synchronous = FULL");
        database.run("BEGIN EXCLUSIVE");
        database.run("COMMIT");
    }

    void begin() {
        if (open) return;
        database.run("BEGIN");
        open = true;
        since = std::chrono::steady_clock::now();
    }

    void commit() {
        if (!open) return;
        try {
            database.run("COMMIT");
        } catch (const StoreError&) {
            roll_back();
            throw;
        }
        open = false;
    }

    // After a failed write SQLite may or may not have rolled back by itself.
    void roll_back() {
        if (sqlite3_get_autocommit(database.handle()) == 0)
            sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        open = false;
    }

    template <typename Write>
    void write(Write write_rows) {
        if (read_only) throw InternalError("the journal was opened for reading");
        begin();
        try {
            write_rows();
        } catch (const StoreError&) {
            roll_back();
            throw;
        }
        if (std::chrono::steady_clock::now() - since >= commit_interval) commit();
    }

    sqlite::Database database;
    std::mutex mutex;
    bool read_only = false;
    bool open = false;  // a transaction is
    std::chrono::steady_clock::time_point since;
};

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Journal Journal::create(const std::filesystem::path& path, const std::map<std::string, std::string>& meta) {
    if (std::filesystem::exists(path)) {
        throw StoreError("the journal " + path.string() +
                         " exists already. Resume that run, or choose another run directory.");
    }
    auto state = std::make_unique<State>(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    state->lock_for_writing();
    state->write([&] {
        state->database.run(schema);
        sqlite::Statement about(state->database, "INSERT INTO about VALUES (?, ?)");
        about.bind(1, std::string_view(application)).bind(2, std::int64_t{journal_schema_version}).step();
        for (const auto& [key, value] : meta) {
            sqlite::Statement insert(state->database, "INSERT INTO meta VALUES (?, ?)");
            insert.bind(1, key).bind(2, value).step();
        }
    });
    state->commit();
    return Journal(std::move(state));
}

Journal Journal::open(const std::filesystem::path& path, Access access) {
    if (!std::filesystem::exists(path)) {
        throw StoreError("there is no journal " + path.string() + ". Give the directory of a run that was started.");
    }
    const bool read_only = access == Access::read_only;
    auto state = std::make_unique<State>(path, read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    state->read_only = read_only;
    if (!read_only) state->lock_for_writing();
    check_version(state->database);
    check_whole(state->database);
    return Journal(std::move(state));
}

std::optional<std::string> Journal::meta(std::string_view key) const {
    const std::scoped_lock lock(state_->mutex);
    sqlite::Statement select(state_->database, "SELECT value FROM meta WHERE key = ?");
    if (!select.bind(1, key).step()) return std::nullopt;
    return select.text(0);
}

std::map<std::string, std::string> Journal::all_meta() const {
    const std::scoped_lock lock(state_->mutex);
    std::map<std::string, std::string> meta;
    sqlite::Statement select(state_->database, "SELECT key, value FROM meta");
    while (select.step()) meta.emplace(select.text(0), select.text(1));
    return meta;
}

void Journal::set_meta(std::string_view key, std::string_view value) {
    const std::scoped_lock lock(state_->mutex);
    state_->write([&] {
        sqlite::Statement insert(state_->database, "INSERT OR REPLACE INTO meta VALUES (?, ?)");
        insert.bind(1, key).bind(2, value).step();
    });
    state_->commit();
}

void Journal::put(std::string_view cell, std::uint32_t block, const TileRecord& tile) {
    const std::vector<std::byte> bytes = to_bytes(tile.outcomes);
    const std::scoped_lock lock(state_->mutex);
    state_->write([&] {
        sqlite::Statement insert(state_->database, "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?)");
        insert.bind(1, cell).bind(2, std::int64_t{block}).bind(3, static_cast<std::int64_t>(tile.status));
        insert.bind(4, std::string_view(tile.message)).bind(5, tile.seconds).bind(6, std::span(bytes)).step();
    });
}

void Journal::flush() {
    const std::scoped_lock lock(state_->mutex);
    state_->commit();
}

std::vector<TileKey> Journal::tiles() const {
    const std::scoped_lock lock(state_->mutex);
    std::vector<TileKey> keys;
    sqlite::Statement select(state_->database, "SELECT cell, block, status FROM tiles ORDER BY cell, block");
    while (select.step()) {
        keys.push_back({select.text(0), static_cast<std::uint32_t>(select.integer(1)),
                        status_from(select.integer(2), state_->database)});
    }
    return keys;
}

std::optional<TileRecord> Journal::get(std::string_view cell, std::uint32_t block) const {
    TileRecord tile;
    std::vector<std::byte> bytes;
    {
        const std::scoped_lock lock(state_->mutex);
        sqlite::Statement select(state_->database,
                                 "SELECT status, message, seconds, outcomes FROM tiles WHERE cell = ? AND block = ?");
        if (!select.bind(1, cell).bind(2, std::int64_t{block}).step()) return std::nullopt;
        tile.status = status_from(select.integer(0), state_->database);
        tile.message = select.text(1);
        tile.seconds = select.real(2);
        const auto blob = select.blob(3);
        bytes.assign(blob.begin(), blob.end());
    }
    try {
        tile.outcomes = outcomes_from_bytes(bytes);
    } catch (const StoreError& error) {
        throw StoreError("the journal " + path().string() + ", cell " + std::string(cell) + ", block " +
                         std::to_string(block) + ": " + error.what());
    }
    return tile;
}

void Journal::put_bad_input(const BadInput& input) {
    const std::scoped_lock lock(state_->mutex);
    state_->write([&] {
        sqlite::Statement insert(state_->database, "INSERT OR REPLACE INTO bad_inputs VALUES (?, ?, ?)");
        insert.bind(1, std::string_view(input.cell))
            .bind(2, std::string_view(input.id))
            .bind(3, std::string_view(input.message));
        insert.step();
    });
}

std::vector<BadInput> Journal::bad_inputs() const {
    const std::scoped_lock lock(state_->mutex);
    std::vector<BadInput> inputs;
    sqlite::Statement select(state_->database, "SELECT id, cell, message FROM bad_inputs ORDER BY cell, id");
    while (select.step()) inputs.push_back({select.text(0), select.text(1), select.text(2)});
    return inputs;
}

void Journal::put_block_digest(std::uint32_t block, std::string_view digest) {
    const std::scoped_lock lock(state_->mutex);
    state_->write([&] {
        sqlite::Statement insert(state_->database, "INSERT OR REPLACE INTO block_digests VALUES (?, ?)");
        insert.bind(1, std::int64_t{block}).bind(2, digest).step();
    });
}

std::optional<std::string> Journal::block_digest(std::uint32_t block) const {
    const std::scoped_lock lock(state_->mutex);
    sqlite::Statement select(state_->database, "SELECT digest FROM block_digests WHERE block = ?");
    if (!select.bind(1, std::int64_t{block}).step()) return std::nullopt;
    return select.text(0);
}

const std::filesystem::path& Journal::path() const { return state_->database.path(); }

}  // namespace misfire
