#include "results/curve_metrics/sequence_stability.h"

namespace misfire {
namespace {

class MeanFlipProbability : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mean_flip_probability",
            .summary =
                "how often the predicted class changes from a frame of a sequence to its partner: mean over pairs, "
                "then samples, then sequences, not normalised; computed for every run that has sequences",
            .unit = "fraction",
            .needs = "sequences among the shifts",
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.3 (flip "
                "probability)",
        };
        return info;
    }
    bool offered(const CurveMetricInput& input) const override { return has_sequences(input); }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        return missing_pairs(input, model, &CellRows::flip);
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return stability_of(input, model, &CellRows::flip);
    }
};

}  // namespace

const CurveMetric& mean_flip_probability_curve_metric() {
    static const MeanFlipProbability metric;
    return metric;
}

}  // namespace misfire
