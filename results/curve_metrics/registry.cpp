#include "results/curve_metrics/registry.h"

// One line per metric, alphabetical. X(name) stands for `const CurveMetric& name_curve_metric()` in
// curve_metrics/name.cpp.
#define MISFIRE_CURVE_METRICS(X)          \
    X(mce)                                \
    X(mce_to_reference)                   \
    X(mean_corruption_error)              \
    X(mean_flip_probability)              \
    X(mean_flip_probability_to_reference) \
    X(mean_top5_distance)                 \
    X(mean_top5_distance_to_reference)    \
    X(relative_mce)                       \
    X(relative_mce_to_reference)

namespace misfire {

#define MISFIRE_DECLARE(name) const CurveMetric& name##_curve_metric();
MISFIRE_CURVE_METRICS(MISFIRE_DECLARE)
#undef MISFIRE_DECLARE

const std::vector<const CurveMetric*>& all_curve_metrics() {
#define MISFIRE_LIST(name) &name##_curve_metric(),
    static const std::vector<const CurveMetric*> metrics{MISFIRE_CURVE_METRICS(MISFIRE_LIST)};
#undef MISFIRE_LIST
    return metrics;
}

std::vector<std::string> curve_metric_names() {
    std::vector<std::string> names;
    for (const CurveMetric* metric : all_curve_metrics()) names.push_back(metric->info().name);
    return names;
}

const CurveMetric* find_curve_metric(std::string_view name) {
    for (const CurveMetric* metric : all_curve_metrics()) {
        if (metric->info().name == name) return metric;
    }
    return nullptr;
}

}  // namespace misfire
