// Tiles of an earlier run whose inputs are those of this one, so that they need not be computed again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "harness/setup.h"
#include "results/journal.h"

namespace misfire {

class EarlierRun {
  public:
    // `identity`, `machine`: of this run, as the journal of a run holds them (see run_session.cpp). Throws UsageError
    // where `folder` holds no run.
    EarlierRun(const std::filesystem::path& folder, const Setup& setup,
               const std::map<std::string, std::string>& identity, const std::map<std::string, std::string>& machine);

    // Puts a tile of the earlier run into `journal` where model, data (ids, labels, groups and pixels), seed, block,
    // micro-batch, shift, libraries and instruction set are the same; otherwise false. `content`: digest of the
    // decoded block. Not thread-safe.
    bool take_over(const std::string& cell, std::uint32_t block, const std::string& content, Journal& journal);

    std::size_t taken() const { return taken_; }
    // Why nothing or not everything can be taken: "model a (sha256) was .., is ..". "" where all fits.
    const std::string& differs() const { return differs_; }

  private:
    bool fits(const Outcomes& outcomes, const PlannedCell& cell, std::uint32_t block) const;

    const Setup& setup_;
    Journal journal_;
    std::set<std::string> cells_;  // those whose inputs are the same
    std::map<std::string, const PlannedCell*> planned_;
    std::set<std::string> columns_;                    // kept ones that this run wants
    std::multimap<std::string, BadInput> bad_inputs_;  // by "shift/label"
    std::string differs_;
    std::size_t taken_ = 0;
};

}  // namespace misfire
