// A run directory from first tile to verdict: begun by `run`, taken up again by `resume`.
#pragma once

#include <filesystem>
#include <string>

#include "harness/setup.h"

namespace misfire {

struct SessionOptions {
    int threads = 0;          // 0: all cores
    std::string command;      // as typed; recorded
    std::string cell_filter;  // recorded, so that resume takes the same cells
    bool json = false;
    std::string metric;                // of the printed table; "": the first of the scenario
    std::string baseline;              // what checks of regressions compare with; "" for nothing
    std::string reuse;                 // folder of an earlier run to take unchanged cells from; "" for none
    double time_budget_seconds = 0.0;  // no block is begun that would end later; 0: none
};

// Creates `folder` (which must not hold a run), runs, projects, prints. Returns the exit code.
int begin_run(Setup setup, const std::filesystem::path& folder, const SessionOptions& options);

// Verifies that models, data, perturbations and libraries are those the run began with and goes on. `other_machine`
// permits another processor, LibTorch or program version (said on stderr). Throws StoreError naming what differs.
int resume_run(const std::filesystem::path& folder, const SessionOptions& options, bool other_machine);

// The folder for a new run: `wanted`, or runs/<name>, runs/<name>-2, ... whichever is free.
std::filesystem::path choose_run_folder(const std::string& wanted, const std::string& name);

}  // namespace misfire
