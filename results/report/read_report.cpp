// The reading half of results/report/report.h.
#include "results/report/report.h"
#include "results/results_file.h"

namespace misfire {

namespace {

std::vector<report::CellReliability> read_reliability(const ResultsFile& file) {
    std::vector<report::CellReliability> cells;
    for (const CellResult& cell : file.summary().results.cells) {
        if (!file.has_outcomes(cell.cell)) continue;
        const report::ReliabilityBins bins =
            report::reliability_of(file.outcomes(cell.cell).confidence, file.correct(cell.cell));
        bool any = false;
        for (const report::ReliabilityBin& bin : bins) any = any || bin.count > 0;
        if (any) cells.push_back({cell.model, cell.shift, cell.label, bins});
    }
    return cells;
}

}  // namespace

ReportInput read_report_input(const std::filesystem::path& results) {
    const ResultsFile file(results);
    ReportInput input;
    input.summary = file.summary();
    input.reliability = read_reliability(file);
    input.tables = read_other_tables(file.path());
    input.file = file.path().filename().string();
    return input;
}

}  // namespace misfire
