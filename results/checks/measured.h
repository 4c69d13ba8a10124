// A number of a run with its interval at the level of the gate, as far as the tables of results.h5 tell it.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "results/checks/statements.h"
#include "results/results_file.h"

namespace misfire {

// An amount with its interval and the error that a larger sample would make smaller.
struct Measured {
    double value = std::numeric_limits<double>::quiet_NaN();
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
    double standard_error = std::numeric_limits<double>::quiet_NaN();
    std::int64_t n = 0;
    bool exact = false;  // without an interval: the value decides
    double now = std::numeric_limits<double>::quiet_NaN();
    double baseline = std::numeric_limits<double>::quiet_NaN();
    std::string undefined_because;
};

// Of a statement about one cell, one breaking point, one number over the run, or time. `tail`: left out at each end.
Measured measured_in_tables(const ResultsFile& run, const Statement& statement, double tail);

// Seconds per sample over the places of a statement; no interval.
Measured measured_cost(const ResultsFile& run, const Statement& statement);

}  // namespace misfire
