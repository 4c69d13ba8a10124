// run.sqlite: every finished tile of a run, committed. What is in here survives kill -9 at any moment.
//
// Rollback journal (DELETE) rather than WAL: between commits run.sqlite alone is the whole truth, so a run directory
// can be copied or archived file by file, opened from read-only media and kept on network file systems; at two commits
// a second WAL would save nothing. The writer holds an exclusive lock, which dies with its process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "results/run_results.h"

namespace misfire {

// A cell restricted to one block. A failed tile has no outcomes, a status other than ok and a message.
struct TileRecord {
    Status status = Status::ok;
    std::string message;
    double seconds = 0.0;
    Outcomes outcomes;  // one row per index of the block, in the block's order
};

struct TileKey {
    std::string cell;
    std::uint32_t block = 0;
    Status status = Status::ok;
};

// Thread-safe. Every member throws StoreError with the path, the cause and the remedy; after a failed write nothing
// that was committed is lost and the run can be resumed.
class Journal {
  public:
    enum class Access { read_write, read_only };

    // Fails when the file exists.
    static Journal create(const std::filesystem::path& path, const std::map<std::string, std::string>& meta);
    static Journal open(const std::filesystem::path& path, Access access = Access::read_write);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();  // commits what is pending; call flush() to learn of failures

    std::optional<std::string> meta(std::string_view key) const;
    std::map<std::string, std::string> all_meta() const;
    void set_meta(std::string_view key, std::string_view value);  // committed at once

    // Replaces a tile of the same cell and block. Visible to get() at once; committed by the first put() that comes at
    // least half a second after the first uncommitted one, by flush(), or by the destructor.
    void put(std::string_view cell, std::uint32_t block, const TileRecord& tile);
    void flush();
    std::vector<TileKey> tiles() const;  // ordered by cell and block, without their outcomes
    std::optional<TileRecord> get(std::string_view cell, std::uint32_t block) const;

    // A sample that could not be read; put twice it is kept once. Committed with the tiles.
    void put_bad_input(const BadInput& input);
    std::vector<BadInput> bad_inputs() const;  // ordered by cell and id

    // Digest of the decoded content of a block, to notice data that changed between a run and its resume.
    void put_block_digest(std::uint32_t block, std::string_view digest);
    std::optional<std::string> block_digest(std::uint32_t block) const;

    const std::filesystem::path& path() const;

  private:
    struct State;
    explicit Journal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace misfire
