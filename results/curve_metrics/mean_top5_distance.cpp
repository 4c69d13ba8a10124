#include "results/curve_metrics/sequence_stability.h"

namespace misfire {
namespace {

class MeanTop5Distance : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mean_top5_distance",
            .summary =
                "top-5 distance of the frames of a sequence to their partners: mean over pairs, then samples, then "
                "sequences, not normalised",
            .unit = "places",
            .needs = "sequences among the shifts",
            .kept = "top5",
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.3 (top-5 "
                "distance)",
        };
        return info;
    }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        return missing_pairs(input, model, &CellRows::top5_distance);
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return stability_of(input, model, &CellRows::top5_distance);
    }
};

}  // namespace

const CurveMetric& mean_top5_distance_curve_metric() {
    static const MeanTop5Distance metric;
    return metric;
}

}  // namespace misfire
