// All that a finished run left in its results.h5, per-sample outcomes included. What report, compare, check and
// baseline read; nothing else of a run directory is needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "results/run_record.h"
#include "results/store.h"

namespace misfire {

class ResultsFile {
  public:
    // `path`: a results.h5 or a run directory that holds one. Throws StoreError for a file that is missing, no HDF5,
    // truncated, corrupt, not misfire's, or of a newer schema.
    explicit ResultsFile(const std::filesystem::path& path);
    ResultsFile(ResultsFile&&) noexcept;
    ~ResultsFile();

    const std::filesystem::path& path() const { return path_; }  // of the results.h5
    const RunSummary& summary() const { return summary_; }
    // The run as its record says, as far as the file holds it: models, shifts, samples (ids, targets, attributes),
    // metrics, curve metrics, reference model, environment; no blocks. cells_of(), curve_cells(), partner_of() and
    // groups_of() work on it.
    const RunRecord& record() const { return record_; }

    // A baseline (see results/baseline.h) keeps which answers of every sample were right, and of some samples all else:
    // their rows, ascending. Other rows have no confidence, loss, brier, ... in outcomes(), and a wrong prediction is
    // some_other_class.
    bool is_baseline() const { return is_baseline_; }
    const std::vector<std::uint32_t>& sampled_rows() const { return sampled_rows_; }
    static constexpr std::int32_t some_other_class = std::numeric_limits<std::int32_t>::max();

    // Whether the file holds the outcomes of a cell: it ran, and nobody took them out.
    bool has_outcomes(const std::string& cell) const;
    // Rows in the order of record().sample_ids; every column that is there, kept ones included. Throws StoreError where
    // has_outcomes() is false and for columns that do not fit the samples. Thread-safe.
    Outcomes outcomes(const std::string& cell) const;
    // 1 right, 0 wrong, -1 does not count: what outcomes() of a classifier says, read ten times as fast.
    std::vector<std::int8_t> correct(const std::string& cell) const;

  private:
    struct Open;
    struct PackedOutcomes;
    void read_packed();
    Outcomes packed_outcomes(std::size_t cell) const;
    std::string folder_of(const std::string& cell) const;

    std::filesystem::path path_;
    RunSummary summary_;
    RunRecord record_;
    bool is_baseline_ = false;
    std::vector<std::uint32_t> sampled_rows_;
    std::unique_ptr<Open> open_;
};

// The results.h5 of a run given as a directory or as the file itself. Throws StoreError where there is none.
std::filesystem::path results_path(const std::filesystem::path& run);

}  // namespace misfire
