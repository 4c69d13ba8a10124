#include <algorithm>
#include <cmath>

#include "results/metrics/score_metric.h"
#include "results/statistics.h"

namespace misfire {
namespace {

constexpr double z95 = 1.959963984540054;

// Share of pairs (ID, OOD) in which the ID sample has the higher score; equal ones count half.
double area_under_curve(std::span<const RankedScores::Step> descending, RankedScores::Step total) {
    double pairs = 0.0;
    std::int64_t above = 0;
    for (const RankedScores::Step& step : descending) {
        pairs +=
            static_cast<double>(step.unknown) * (static_cast<double>(above) + 0.5 * static_cast<double>(step.known));
        above += step.known;
    }
    return pairs / (static_cast<double>(total.known) * static_cast<double>(total.unknown));
}

// Sums of the values and of their squared distances from the mean.
struct Placements {
    std::int64_t n = 0;
    double variance = 0.0;
};

// For each step the share of the other side that lies on the right side of it, once per sample of this side.
Placements placements(std::span<const RankedScores::Step> descending, RankedScores::Step total, bool of_known,
                      double mean) {
    Placements result;
    double squares = 0.0;
    std::int64_t above = 0;  // of the other side
    for (const RankedScores::Step& step : descending) {
        const std::int64_t own = of_known ? step.known : step.unknown, other = of_known ? step.unknown : step.known;
        const double all = static_cast<double>(of_known ? total.unknown : total.known);
        const double higher = (static_cast<double>(above) + 0.5 * static_cast<double>(other)) / all;
        const double placement = of_known ? 1.0 - higher : higher;
        squares += static_cast<double>(own) * (placement - mean) * (placement - mean);
        result.n += own;
        above += other;
    }
    result.variance = squares / static_cast<double>(result.n - 1);
    return result;
}

class AreaStatistic : public ScoreStatistic {
  public:
    explicit AreaStatistic(RankedScores ranked) : ScoreStatistic(std::move(ranked), area_under_curve) {}

    std::pair<double, double> interval() const override {
        const std::vector<std::int32_t> ones(ranked().items().size(), 1);
        const std::vector<RankedScores::Step> steps = ranked().descending(ones);
        const RankedScores::Step total = total_of(steps);
        if (total.known < 2 || total.unknown < 2) return ScoreStatistic::interval();
        const double area = area_under_curve(steps, total);
        const Placements known = placements(steps, total, true, area), unknown = placements(steps, total, false, area);
        const double deviation = std::sqrt(known.variance / static_cast<double>(known.n) +
                                           unknown.variance / static_cast<double>(unknown.n));
        if (deviation > 0.0) return {std::max(0.0, area - z95 * deviation), std::min(1.0, area + z95 * deviation)};
        // The sides do not overlap: as sure as that many samples can be.
        const std::int64_t n = std::min(total.known, total.unknown);
        if (area != 0.0 && area != 1.0) return {area, area};
        const Bounds bounds = wilson_interval(area == 1.0 ? n : 0, n);
        return {bounds.low, bounds.high};
    }
};

MetricInfo describe() {
    return {
        .name = "auroc",
        .summary =
            "area under the ROC curve of a score that tells in-distribution from out-of-distribution samples: how "
            "often a known sample scores higher than an unknown one (ties count half); 0.5 is a guess",
        .unit = "fraction",
        .direction = Direction::higher_is_better,
        .interval = Interval::delong,
        .over_ood = true,
        .reference =
            "Hendrycks and Gimpel, A baseline for detecting misclassified and out-of-distribution examples, "
            "ICLR 2017; interval: DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988, cut to [0, 1], and "
            "Wilson's of the smaller side where the sides do not overlap",
    };
}

class Auroc : public ScoreMetric {
  public:
    explicit Auroc(const std::string& score) : ScoreMetric(describe(), score, area_under_curve) {}
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<AreaStatistic>(RankedScores(input, score()));
    }
    double chance(std::int64_t) const override { return 0.5; }
};

}  // namespace

ScoreMetricFamily auroc_family() {
    return {describe,
            [](const std::string& score) -> std::unique_ptr<Metric> { return std::make_unique<Auroc>(score); }};
}

}  // namespace misfire
