#include "results/metrics/score_metric.h"

#include <algorithm>
#include <limits>

// One line per family, alphabetical. X(name) stands for `ScoreMetricFamily name_family()`, in metrics/name.cpp where no
// other file names it.
#define MISFIRE_SCORE_METRICS(X) \
    X(accuracy_at_coverage_50)   \
    X(accuracy_at_coverage_80)   \
    X(accuracy_at_coverage_90)   \
    X(accuracy_at_coverage_95)   \
    X(aupr_in)                   \
    X(aupr_out)                  \
    X(aurc)                      \
    X(auroc)                     \
    X(detection_error)           \
    X(fpr95_id_positive)         \
    X(fpr95_ood_positive)

namespace misfire {

#define MISFIRE_DECLARE(name) ScoreMetricFamily name##_family();
MISFIRE_SCORE_METRICS(MISFIRE_DECLARE)
#undef MISFIRE_DECLARE

const std::vector<ScoreMetricFamily>& score_metric_families() {
#define MISFIRE_LIST(name) name##_family(),
    static const std::vector<ScoreMetricFamily> families{MISFIRE_SCORE_METRICS(MISFIRE_LIST)};
#undef MISFIRE_LIST
    return families;
}

const ScoreMetricFamily* family_of(std::string_view metric) {
    const std::size_t separator = metric.find(score_separator);
    const std::string score = score_of(metric);
    const bool slug = std::all_of(score.begin(), score.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '+' || c == '-';
    });
    if (score.empty() || !slug) return nullptr;
    for (const ScoreMetricFamily& family : score_metric_families()) {
        if (family.info().name == metric.substr(0, separator)) return &family;
    }
    return nullptr;
}

std::string score_of(std::string_view metric) {
    const std::size_t separator = metric.find(score_separator);
    return separator == std::string_view::npos ? "" : std::string(metric.substr(separator + 1));
}

std::vector<std::string> metrics_of_score(std::string_view score) {
    std::vector<std::string> names;
    for (const ScoreMetricFamily& family : score_metric_families())
        names.push_back(family.info().name + score_separator + std::string(score));
    return names;
}

double ScoreStatistic::value(std::span<const std::int32_t> weights) const {
    const std::vector<RankedScores::Step> steps = ranked_.descending(weights);
    const RankedScores::Step total = total_of(steps);
    if (total.known == 0 || total.unknown == 0) return std::numeric_limits<double>::quiet_NaN();
    return value_(steps, total);
}

}  // namespace misfire
