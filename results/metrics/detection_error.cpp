#include <algorithm>

#include "results/metrics/score_metric.h"

namespace misfire {
namespace {

double least_error(std::span<const RankedScores::Step> descending, RankedScores::Step total) {
    double least = 0.5;
    RankedScores::Step accepted;
    for (const RankedScores::Step& step : descending) {
        accepted.known += step.known;
        accepted.unknown += step.unknown;
        const double missed = 1.0 - static_cast<double>(accepted.known) / static_cast<double>(total.known);
        const double passed = static_cast<double>(accepted.unknown) / static_cast<double>(total.unknown);
        least = std::min(least, 0.5 * (missed + passed));
    }
    return least;
}

MetricInfo describe() {
    return {.name = "detection_error",
            .summary =
                "least share of mistakes of any threshold on the score when known and unknown samples are equally "
                "frequent; 0.5 is a guess",
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .interval = Interval::bootstrap,
            .over_ood = true,
            .reference =
                "Lee et al., A simple unified framework for detecting out-of-distribution samples, NeurIPS "
                "2018 (1 - detection accuracy); Liang et al., ICLR 2018, take it at 95 % recall instead"};
}

}  // namespace

ScoreMetricFamily detection_error_family() {
    return {describe, [](const std::string& score) -> std::unique_ptr<Metric> {
                return std::make_unique<ScoreMetric>(describe(), score, least_error);
            }};
}

}  // namespace misfire
