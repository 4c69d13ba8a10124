// A made-up series and a made-up table for the families of change.
#pragma once

#include <string>

#include "core/table_perturbation.h"
#include "perturbations/table/registry.h"

namespace misfire {

// 400 days from 2019-01-01 (a Tuesday). load (target), load.1 = lag(load,1), load.week = rolling_mean(load,7),
// other.14 = lagged(14), temperature, wind (weather), weekday (0 = Monday), region (categories), online (no feature).
// Samples are the rows from 14 on. Only whole-number arithmetic, so that NumPy makes the same.
TableData made_up_series();

// 120 days of hours from 2020-03-01: load (target), temperature, and nothing derived.
TableData made_up_hours();

// 500 rows without time: class (target: a 60 %, b 30 %, c 10 %), x0..x3, site (north, south, east, west).
TableData made_up_table();

// The data that a family is made for, and options without which it cannot be made.
TableData data_for(const TablePerturbationInfo& info);
Options options_for(const std::string& family);

std::size_t column_of(const TableData& data, const std::string& name);
const std::vector<double>& values_of(const TableData& data, const std::string& name);

// In the series of 400 days what has an onset begins in row 200, unless the options say otherwise.
TableChange changed(const std::string& family, const TableData& data, double severity, Options options = {},
                    std::uint64_t key = 7);

}  // namespace misfire
