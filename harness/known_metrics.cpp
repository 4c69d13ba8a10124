#include "harness/known_metrics.h"

#include "models/scores/registry.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"
#include "results/metrics/score_metric.h"

namespace misfire {

KnownMetrics known_metrics() {
    KnownMetrics known(std::vector<std::string>{});
    for (const Metric* metric : all_metrics()) {
        const bool costs_more = !metric->info().kept.empty() || metric->info().over_ood;
        (costs_more ? known.on_request : known.by_default).push_back(metric->info().name);
    }
    for (const ScoreMetricFamily& family : score_metric_families()) known.of_scores.push_back(family.info().name);
    for (const ScoreEntry* entry : all_scores()) known.scores.push_back(&entry->info);
    for (const CurveMetric* metric : all_curve_metrics()) {
        known.on_request.push_back(metric->info().name);
        if (metric->info().needs_reference_model) known.to_reference.push_back(metric->info().name);
    }
    return known;
}

}  // namespace misfire
