// What identifies the samples of a run.
#pragma once

#include <string>

#include "results/run_record.h"

namespace misfire {

// SHA-256 over class names, group columns, ids, labels and groups of the samples, in hexadecimal digits. Two runs of
// equal digest showed samples of the same ids and labels, row by row. It says nothing of pixels or table cells.
std::string data_sha256(const RunRecord& record);

}  // namespace misfire
