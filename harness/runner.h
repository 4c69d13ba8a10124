// Runs the tiles of a set-up that the journal does not hold yet.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "harness/setup.h"
#include "results/journal.h"

namespace misfire {

// Told about progress, from worker threads, one call at a time.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    virtual void begin(std::size_t tiles, std::size_t tiles_done_before) = 0;
    virtual void tile(const PlannedCell& cell, std::size_t block, const TileRecord& record) = 0;
    virtual void bad_input(const std::string& id, const std::string& message) = 0;
};

enum class RunEnd { complete, interrupted, enough };

struct RunnerOptions {
    int threads = 1;
    const std::atomic<bool>* stop = nullptr;  // set: tiles under way are finished, no other is begun
    std::function<void()> after_block;        // called between blocks, from the calling thread
    std::function<bool()> enough;             // asked between blocks: true ends the run there
    // Offered each open tile once its block, whose content has this digest, is decoded: true says that it is in the
    // journal now and need not be computed.
    std::function<bool(const std::string& cell, std::uint32_t block, const std::string& content)> take_over;
};

// Phase 2 of the design: per block decode once, the clean level, then every shift and level; a tile is committed to the
// journal as it is done; tiles that failed before are tried again. A model or perturbation that fails makes a tile of
// status error and the run goes on. What is computed for a tile depends on nothing but the set-up: not on threads,
// order, or what an earlier attempt had done. Throws StoreError when the journal cannot be written and DataError when
// the data is no longer what the journal's blocks were made from.
RunEnd run_tiles(const Setup& setup, Journal& journal, const RunnerOptions& options, RunObserver& observer);

}  // namespace misfire
