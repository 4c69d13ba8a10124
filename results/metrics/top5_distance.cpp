#include "results/metrics/top5_distance.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "results/metrics/mean_of_rows.h"

namespace misfire {
namespace {

class Top5Distance : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "top5_distance",
            .summary =
                "how far the five largest outputs moved from the reference level's (or the partner frame's): 0 the "
                "same five in the same order, 15 none of them left; an output that is not finite is 15 from all "
                "others; needs no labels",
            .unit = "places",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::half_way_to_chance,  // the reference value is 0
            .interval = Interval::bootstrap,
            .pairs = true,
            .minimum_classes = 5,
            .kept = "top5",
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.3 (top-5 "
                "distance)",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override {
        return input.outcomes.kept.contains("top5") && input.reference->kept.contains("top5")
                   ? ""
                   : "the five largest outputs were not kept";
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        const std::span<const float> own = input.outcomes.kept.at("top5");
        const std::span<const float> other = input.reference->kept.at("top5");
        return mean_of_rows(input, [&](std::uint32_t row) {
            return top5_distance(other.subspan(row * top5_places, top5_places),
                                 own.subspan(row * top5_places, top5_places));
        });
    }
    // Of two independent rankings: a class of the one has each place of the other with the same probability.
    double chance(std::int64_t classes) const override {
        constexpr double among = 40.0;  // sum over places i and r below 5 of |i - r|
        const auto all = static_cast<double>(classes);
        return (among + largest_top5_distance * (all - static_cast<double>(top5_places))) / all;
    }
};

}  // namespace

int top5_distance(std::span<const float> first, std::span<const float> second) {
    const bool no_first = std::isnan(first.front());
    const bool no_second = std::isnan(second.front());
    if (no_first || no_second) return no_first && no_second ? 0 : largest_top5_distance;
    int distance = 0;
    for (std::size_t i = 0; i < top5_places; ++i) {
        const auto place = std::find(second.begin(), second.end(), first[i]) - second.begin();  // 5: not among them
        distance += std::abs(static_cast<int>(place) - static_cast<int>(i));
    }
    return distance;
}

const Metric& top5_distance_metric() {
    static const Top5Distance metric;
    return metric;
}

}  // namespace misfire
