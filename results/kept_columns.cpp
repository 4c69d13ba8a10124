#include "results/kept_columns.h"

#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"
#include "results/monitoring/monitor_use.h"

namespace misfire {

std::set<std::string> kept_columns(const RunRecord& record) {
    std::set<std::string> columns;
    for (const std::string& name : record.metrics) columns.insert(metric_named(name).info().kept);
    for (const std::string& name : record.curve_metrics) {
        if (const CurveMetric* metric = find_curve_metric(name)) columns.insert(metric->info().kept);
    }
    const bool regression = !record.models.empty() && record.models.front().output == OutputKind::regression;
    for (const MonitorUse& use : record.monitors) columns.insert(column_read_by(use, regression));
    columns.erase("");
    return columns;
}

}  // namespace misfire
