// The figures and tables of a report as files for papers.
#pragma once

#include <filesystem>
#include <vector>

#include "results/report/report.h"

namespace misfire {

// Below `folder`: curves/<metric>/<shift>.svg and .pdf (all models, 95 % bands), heat/<metric>/<model>.svg and .pdf,
// tables/ with models, breaking_points, groups and one table per metric as .csv and .tex (booktabs). The same run gives
// the same files. Returns what was written, in that order.
std::vector<std::filesystem::path> write_figures(const ReportInput& input, const std::filesystem::path& folder);

}  // namespace misfire
