// The sections of the page, as HTML; "" where the run has nothing for one. Inner header of results/report/.
#pragma once

#include <string>
#include <vector>

#include "results/report/page_data.h"
#include "results/report/report.h"
#include "results/report/run_view.h"

namespace misfire::report {

struct Section {
    std::string id;
    std::string title;
    std::string html;
};

std::string verdict_html(const ReportInput& input, const RunView& view);

Section models_section(const RunView& view, std::size_t leading);
Section curves_section(const RunView& view, std::size_t leading, const PageData& data);
Section heat_map_section(const RunView& view, std::size_t leading);
Section worst_cells_section(const RunView& view, std::size_t leading);
Section breaking_points_section(const RunView& view, std::size_t leading);
Section groups_section(const RunView& view, std::size_t leading);
Section reliability_section(const RunView& view, const ReportInput& input, const PageData& data);
Section scores_section(const RunView& view);                    // metrics named <metric>:<score>
std::vector<Section> table_sections(const ReportInput& input);  // checks, monitors and whatever else the run wrote
Section numbers_section(const RunView& view);
Section run_section(const ReportInput& input, const RunView& view);

}  // namespace misfire::report
