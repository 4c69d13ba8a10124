// results.h5: the file people keep. docs/results-h5.md describes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "results/journal.h"
#include "results/run_record.h"
#include "results/run_results.h"

namespace misfire {

inline constexpr int results_schema_version = 1;

// Replaces `path` as a whole: written to a temporary file beside it, fsynced, renamed. Outcomes per sample are read
// from the journal cell by cell. Throws StoreError (disk full, folder not writable, ...) and leaves an older file as it
// was.
void write_results(const std::filesystem::path& path, const RunRecord& record, const RunResults& results,
                   const Journal& journal);

struct RunSummary {
    std::string scenario;
    std::uint64_t seed = 0;
    std::string dataset;          // name of the data
    std::string data_sha256;      // see results/data_digest.h; "" in files of versions before it
    std::string reference_model;  // see RunRecord
    std::map<std::string, std::string> environment;
    std::vector<ModelInfo> models;  // the fields of /models, names of scored classes, quantiles
    std::vector<ShiftInfo> shifts;  // empty in files of versions before /shifts
    RunResults results;             // without Point::message; seconds from /environment/timing
};

// Throws StoreError for a file that is missing, no HDF5, truncated, corrupt, not misfire's, or of a newer schema.
RunSummary read_summary(const std::filesystem::path& path);

std::string hdf5_version();

}  // namespace misfire
