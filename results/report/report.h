// A run as one self-contained HTML page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/report/reliability.h"
#include "results/store.h"
#include "results/tables.h"

namespace misfire {

struct ReportInput {
    RunSummary summary;
    std::vector<report::CellReliability> reliability;  // of the cells that have outcomes and confidences
    std::vector<NamedTable> tables;                    // of results.h5 besides those of the summary
    std::string file;                                  // as the reader of the page should name it
    std::string version;                               // of the program that writes the report
};

// Reads results.h5 alone. Throws StoreError as read_summary().
ReportInput read_report_input(const std::filesystem::path& results);

// HTML, UTF-8, with style, script and data inside. The same input gives the same bytes.
std::string report_html(const ReportInput& input);

// Verdict, findings per model, worst cells, breaking points and gaps between groups, as JSON.
std::string report_json(const ReportInput& input);

}  // namespace misfire
