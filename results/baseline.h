// The small file that a repository commits, for `misfire check --baseline`: a results.h5 whose outcomes are cut down.
#pragma once

#include <cstdint>
#include <filesystem>

#include "results/results_file.h"

namespace misfire {

struct BaselineSize {
    std::uintmax_t bytes = 0;
    std::int64_t cells = 0;
    std::int64_t samples = 0;
    std::int64_t sampled = 0;  // samples of which more is kept than whether the answer was right
};

// Tables of the run without groups, which answers of every sample were right as one bit each, and all that the run's
// other metrics look at for a sample of the rows (the first by a keyed hash of seed and id), as many as fit into about
// half a megabyte. ResultsFile reads it like the run. Throws StoreError where the run is incomplete, holds no outcomes,
// or `path` cannot be written.
BaselineSize write_baseline(const std::filesystem::path& path, const ResultsFile& run);

}  // namespace misfire
