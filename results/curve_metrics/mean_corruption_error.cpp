#include <algorithm>

#include "results/curve_metrics/corruption_error.h"

namespace misfire {
namespace {

class MeanCorruptionError : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mean_corruption_error",
            .summary =
                "top-1 error under corruption, not normalised: mean over severity shifts of the mean over their levels "
                "from 1 on; computed for every run that has such shifts",
            .unit = "fraction",
            .needs = "severity shifts with levels from 1 on",
            .reference = "Hendrycks et al., AugMix, ICLR 2020 (unnormalised corruption error)",
        };
        return info;
    }
    bool offered(const CurveMetricInput& input) const override {
        const bool regression = std::any_of(input.models.begin(), input.models.end(), [](const ModelInfo& model) {
            return model.output == OutputKind::regression;
        });
        return !regression && !severity_shifts(input).empty();
    }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        return missing_errors(input, model, severity_shifts(input), false);
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return corruption_error_of(input, model, severity_shifts(input), Normalisation::none);
    }
};

}  // namespace

const CurveMetric& mean_corruption_error_curve_metric() {
    static const MeanCorruptionError metric;
    return metric;
}

}  // namespace misfire
