#include "results/metrics/registry.h"

#include <map>
#include <memory>
#include <mutex>

#include "core/error.h"
#include "core/nearest_name.h"
#include "results/metrics/score_metric.h"

// One line per metric, alphabetical. X(name) stands for `const Metric& name_metric()` in metrics/name.cpp.
#define MISFIRE_METRICS(X)  \
    X(accuracy)             \
    X(accuracy_gap)         \
    X(bias)                 \
    X(brier)                \
    X(ece)                  \
    X(ece_debiased)         \
    X(flip_rate)            \
    X(mae)                  \
    X(mae_gap)              \
    X(mape)                 \
    X(mean_confidence)      \
    X(nll)                  \
    X(ood_mean_confidence)  \
    X(pinball_loss)         \
    X(quantile_coverage)    \
    X(recovery_time)        \
    X(rmse)                 \
    X(top5)                 \
    X(top5_distance)        \
    X(worst_group_accuracy) \
    X(worst_group_mae)

namespace misfire {

#define MISFIRE_DECLARE(name) const Metric& name##_metric();
MISFIRE_METRICS(MISFIRE_DECLARE)
#undef MISFIRE_DECLARE

const std::vector<const Metric*>& all_metrics() {
#define MISFIRE_LIST(name) &name##_metric(),
    static const std::vector<const Metric*> metrics{MISFIRE_METRICS(MISFIRE_LIST)};
#undef MISFIRE_LIST
    return metrics;
}

std::vector<std::string> metric_names() {
    std::vector<std::string> names;
    for (const Metric* metric : all_metrics()) names.push_back(metric->info().name);
    return names;
}

namespace {

// Made when first asked for, and kept as long as the program.
const Metric& metric_of_score(const ScoreMetricFamily& family, const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Metric>> made;
    const std::scoped_lock lock(mutex);
    std::unique_ptr<Metric>& metric = made[name];
    if (!metric) metric = family.make(score_of(name));
    return *metric;
}

}  // namespace

const Metric& metric_named(std::string_view name) {
    for (const Metric* metric : all_metrics()) {
        if (metric->info().name == name) return *metric;
    }
    if (const ScoreMetricFamily* family = family_of(name)) return metric_of_score(*family, std::string(name));
    throw ScenarioError("there is no metric `" + std::string(name) + "`." + did_you_mean(name, metric_names()));
}

}  // namespace misfire
