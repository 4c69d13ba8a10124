// May two runs be compared sample by sample?
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "results/results_file.h"

namespace misfire {

struct Comparability {
    std::vector<std::string> refusals;  // "seed: 7 against 8": what makes a comparison wrong, one sentence part each
    std::vector<std::string> notes;     // other processor, LibTorch, ...: compared, and said
};

Comparability comparability(const ResultsFile& first, const ResultsFile& second);

// Rows of the same sample id in both runs, in the order of the first.
std::vector<std::pair<std::uint32_t, std::uint32_t>> common_rows(const RunRecord& first, const RunRecord& second);

// Models that are compared: places in the two runs. By name; where no name is in both and each run has one model, these
// two. Throws UsageError when nothing matches.
std::vector<std::pair<std::size_t, std::size_t>> matching_models(const RunRecord& first, const RunRecord& second);

}  // namespace misfire
