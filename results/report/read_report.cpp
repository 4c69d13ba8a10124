// The reading half of results/report/report.h.
#include "results/report/report.h"

namespace misfire {

ReportInput read_report_input(const std::filesystem::path& results) {
    ReportInput input;
    input.summary = read_summary(results);
    input.tables = read_other_tables(results);
    input.file = results.filename().string();
    return input;
}

}  // namespace misfire
