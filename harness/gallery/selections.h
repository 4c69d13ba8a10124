// Which samples of a run are worth looking at, and why.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "harness/gallery/answers.h"

namespace misfire {

// A sample under one shift as one model (or several) answered along its levels.
struct Pick {
    std::size_t sample = 0;
    std::size_t path = 0;                // index of the paths
    std::size_t level = 0;               // of that path: the picture that it is about
    std::string why;                     // "right until 2, wrong from 3"
    std::vector<std::size_t> rows = {};  // paths shown together (models under the same shift); empty: `path` alone
    double below =
        std::numeric_limits<double>::quiet_NaN();  // severities between which the answer breaks; NaN: not said
    double above = std::numeric_limits<double>::quiet_NaN();
};

struct Selection {
    std::string name;     // slug: "first_flip"
    std::string title;    // "First flip"
    std::string meaning;  // a sentence
    std::string empty;    // why there is nothing to show, "" where there is
    std::vector<Pick> picks;
};

struct SelectionOptions {
    std::vector<std::string> names;  // empty: all
    std::size_t samples = 8;         // picks of each
    std::uint64_t seed = 0;          // of the run: breaks ties, so that equal samples come in no order of the files
};

std::vector<std::string> selection_names();

// In the order of selection_names(). Samples that are gone from the data are not taken, and no sample comes twice in
// one selection. Throws UsageError with the nearest name for an unknown one.
std::vector<Selection> select_picks(const PastRun& run, const std::vector<AnswerPath>& paths,
                                    const SelectionOptions& options);

}  // namespace misfire
