#include "results/curve_metrics/imagenet_c.h"

namespace misfire {
namespace {

class RelativeMce : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "relative_mce",
            .summary =
                "relative mCE: as mce, but of the error beyond the clean error, relative to the same of AlexNet (100)",
            .unit = "%",
            .needs =
                "data that say `benchmark: imagenet`, 1000 classes, 224 x 224 px, and the 15 corruptions of ImageNet-C "
                "at severities 1 to 5",
            .reference = "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.2",
        };
        return info;
    }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        std::string why = no_imagenet_c_because(input, model);
        return why.empty() ? missing_errors(input, model, imagenet_c_shifts(input), true) : why;
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return corruption_error_of(input, model, imagenet_c_shifts(input), Normalisation::relative, alexnet_errors());
    }
};

}  // namespace

const CurveMetric& relative_mce_curve_metric() {
    static const RelativeMce metric;
    return metric;
}

}  // namespace misfire
