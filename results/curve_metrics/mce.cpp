#include "results/curve_metrics/imagenet_c.h"

namespace misfire {
namespace {

class Mce : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mce",
            .summary =
                "mCE: mean over the 15 corruptions of ImageNet-C of the error summed over severities, relative to "
                "AlexNet (100)",
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
        return why.empty() ? missing_errors(input, model, imagenet_c_shifts(input), false) : why;
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return corruption_error_of(input, model, imagenet_c_shifts(input), Normalisation::absolute, alexnet_errors());
    }
};

}  // namespace

const CurveMetric& mce_curve_metric() {
    static const Mce metric;
    return metric;
}

}  // namespace misfire
