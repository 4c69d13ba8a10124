#include "results/curve_metrics/reference_model.h"
#include "results/curve_metrics/sequence_stability.h"

namespace misfire {
namespace {

class MeanFlipProbabilityToReference : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mean_flip_probability_to_reference",
            .summary =
                "mean over sequences of the flip probability relative to the reference model of the run (100): the mFR "
                "with that model in the place of AlexNet",
            .unit = "%",
            .needs = "`reference_model`, and sequences among the shifts",
            .needs_reference_model = true,
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.3 (mFR)",
        };
        return info;
    }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        return because_of_either(input, model, [&](std::size_t m) { return missing_pairs(input, m, &CellRows::flip); });
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return stability_of(input, model, &CellRows::flip, input.reference_model);
    }
};

}  // namespace

const CurveMetric& mean_flip_probability_to_reference_curve_metric() {
    static const MeanFlipProbabilityToReference metric;
    return metric;
}

}  // namespace misfire
