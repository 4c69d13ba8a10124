// False alarms at 95 % recall, in both conventions that papers use under one name.
#include "results/metrics/score_metric.h"

namespace misfire {
namespace {

// At least 95 %, without the rounding of a division.
bool reaches_95_percent(std::int64_t part, std::int64_t all) { return 20 * part >= 19 * all; }

double with_known_positive(std::span<const RankedScores::Step> descending, RankedScores::Step total) {
    RankedScores::Step sum;
    for (const RankedScores::Step& step : descending) {
        sum.known += step.known;
        sum.unknown += step.unknown;
        if (reaches_95_percent(sum.known, total.known)) break;
    }
    return static_cast<double>(sum.unknown) / static_cast<double>(total.unknown);
}

double with_unknown_positive(std::span<const RankedScores::Step> descending, RankedScores::Step total) {
    RankedScores::Step sum;
    for (std::size_t i = descending.size(); i-- > 0;) {
        sum.known += descending[i].known;
        sum.unknown += descending[i].unknown;
        if (reaches_95_percent(sum.unknown, total.unknown)) break;
    }
    return static_cast<double>(sum.known) / static_cast<double>(total.known);
}

MetricInfo describe(const char* name, const char* summary, const char* reference) {
    return {.name = name,
            .summary = summary,
            .unit = "fraction",
            .direction = Direction::lower_is_better,
            .interval = Interval::bootstrap,
            .over_ood = true,
            .reference = reference};
}

MetricInfo describe_id() {
    return describe("fpr95_id_positive",
                    "share of out-of-distribution samples that pass for known at the highest threshold that lets 95 % "
                    "of the in-distribution samples pass: FPR@95 of most papers; a guess gives 0.95",
                    "Liang et al., ODIN, ICLR 2018; Liu et al., Energy-based out-of-distribution detection, NeurIPS "
                    "2020");
}

MetricInfo describe_ood() {
    return describe("fpr95_ood_positive",
                    "share of in-distribution samples that are taken for unknown at the lowest threshold that finds "
                    "95 % of the out-of-distribution samples: FPR@95 of OpenOOD; a guess gives 0.95",
                    "Yang et al., OpenOOD, NeurIPS 2022 (openood/evaluators/metrics.py)");
}

}  // namespace

ScoreMetricFamily fpr95_id_positive_family() {
    return {describe_id, [](const std::string& score) -> std::unique_ptr<Metric> {
                return std::make_unique<ScoreMetric>(describe_id(), score, with_known_positive);
            }};
}

ScoreMetricFamily fpr95_ood_positive_family() {
    return {describe_ood, [](const std::string& score) -> std::unique_ptr<Metric> {
                return std::make_unique<ScoreMetric>(describe_ood(), score, with_unknown_positive);
            }};
}

}  // namespace misfire
