// Chi-squared test of two samples of categories.
#pragma once

#include <span>

#include "core/monitor.h"

namespace misfire::monitors {

// Equal numbers are one category. yates: continuity correction where there are two categories, as SciPy's
// chi2_contingency. A single category: statistic 0, p-value 1.
FeatureTest chi2_test(std::span<const double> reference, std::span<const double> current, bool yates);

}  // namespace misfire::monitors
