#include "results/kept_columns.h"

#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"

namespace misfire {

std::set<std::string> kept_columns(const RunRecord& record) {
    std::set<std::string> columns;
    for (const std::string& name : record.metrics) columns.insert(metric_named(name).info().kept);
    for (const std::string& name : record.curve_metrics) {
        if (const CurveMetric* metric = find_curve_metric(name)) columns.insert(metric->info().kept);
    }
    columns.erase("");
    return columns;
}

}  // namespace misfire
