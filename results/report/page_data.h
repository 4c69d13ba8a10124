// What the page's script draws from: every point of the run as JSON. Inner header of results/report/.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/report/reliability.h"
#include "results/report/run_view.h"

namespace misfire::report {

struct PageData {
    std::string json;        // safe between <script> tags
    bool all_groups = true;  // false: groups of metrics other than the leading one were left out to keep the page small
    bool all_reliability = true;  // false: diagrams per cell were left out for the same reason
};

// `leading`: metric that is shown first.
PageData page_data(const RunView& view, std::size_t leading, const std::vector<CellReliability>& reliability);

}  // namespace misfire::report
