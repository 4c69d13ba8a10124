// CSV files as tables and series.
#pragma once

#include <memory>

#include "core/dataset.h"
#include "core/table.h"
#include "scenarios/data/spec.h"

namespace misfire {

// Reads spec.table into columns, derives what is declared and decides which rows are samples: all but the history that
// declared columns need and the file does not give. Throws DataError naming file, line, column, value and remedy: a
// cell that is no number, a column that does not exist (nearest name), times that do not ascend or repeat or leave a
// gap, a lag beyond the series, a constant target, a missing target, a missing feature under `missing: refuse`, a
// derived column that contradicts the one in the file.
TableData read_table(const DataSpec& spec);

// The samples of a table. Ids are the times of a series ("2020-03-01", with "T10:30:00" where there are hours) and the
// row numbers, from "0", of a table.
std::unique_ptr<Dataset> open_table(const DataSpec& spec);

// Empty, NA, NaN or nan.
bool is_missing_cell(const std::string& cell);

MissingPolicy missing_policy(const std::string& name);
const char* name_of(MissingPolicy policy);

// "2020-03-01", or with the time of day where it is not midnight.
std::string time_text(std::int64_t seconds);

}  // namespace misfire
