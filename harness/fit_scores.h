// Phase 1 of a run: the fit set passes each model once, and the scores are fitted on what comes out.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/setup.h"

namespace misfire {

struct FitOptions {
    int threads = 1;
    const std::atomic<bool>* stop = nullptr;  // set: no further micro-batch is begun
    bool check_overlap = true;                // of fit set and test samples; false: it was checked before
};

struct FitEnd {
    bool finished = true;    // false: stopped
    std::string content;     // digest of the decoded fit set, "" without one
    std::size_t unread = 0;  // samples of the fit set that could not be read and were left out
    bool from_cache = true;  // no model had to answer anew
};

// Fits setup.scores and puts what they found into setup.record.scores. Answers are kept in the user's cache folder by
// the digests of model and pixels (fit_cache.h); what is fitted is a function of them alone, whatever threads, batch or
// run. Throws DataError when samples of the run are in the fit set, naming them, when no sample can be read, or when
// there are too few for a score; ModelError when a model fails.
FitEnd fit_scores(Setup& setup, const FitOptions& options);

}  // namespace misfire
