#include "results/curve_metrics/reference_model.h"
#include "results/curve_metrics/sequence_stability.h"

namespace misfire {
namespace {

class MeanTop5DistanceToReference : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mean_top5_distance_to_reference",
            .summary =
                "mean over sequences of the top-5 distance relative to the reference model of the run (100): the mT5D "
                "with that model in the place of AlexNet",
            .unit = "%",
            .needs = "`reference_model`, and sequences among the shifts",
            .needs_reference_model = true,
            .kept = "top5",
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.3 (mT5D)",
        };
        return info;
    }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        return because_of_either(input, model,
                                 [&](std::size_t m) { return missing_pairs(input, m, &CellRows::top5_distance); });
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return stability_of(input, model, &CellRows::top5_distance, input.reference_model);
    }
};

}  // namespace

const CurveMetric& mean_top5_distance_to_reference_curve_metric() {
    static const MeanTop5DistanceToReference metric;
    return metric;
}

}  // namespace misfire
