#include "results/curve_metrics/corruption_error.h"
#include "results/curve_metrics/reference_model.h"

namespace misfire {
namespace {

class RelativeMceToReference : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "relative_mce_to_reference",
            .summary = "as mce_to_reference, but of the error beyond the clean error",
            .unit = "%",
            .needs = "`reference_model`, and severity shifts with levels from 1 on",
            .needs_reference_model = true,
            .reference =
                "Hendrycks and Dietterich, Benchmarking neural network robustness, ICLR 2019, section 4.2, with a "
                "model "
                "of the run in AlexNet's place",
        };
        return info;
    }
    std::string undefined_because(const CurveMetricInput& input, std::size_t model) const override {
        const ShiftLevels shifts = severity_shifts(input);
        return because_of_either(input, model, [&](std::size_t m) { return missing_errors(input, m, shifts, true); });
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return corruption_error_of(input, model, severity_shifts(input), Normalisation::relative, {},
                                   input.reference_model);
    }
};

}  // namespace

const CurveMetric& relative_mce_to_reference_curve_metric() {
    static const RelativeMceToReference metric;
    return metric;
}

}  // namespace misfire
