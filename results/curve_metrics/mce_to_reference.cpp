#include "results/curve_metrics/corruption_error.h"
#include "results/curve_metrics/reference_model.h"

namespace misfire {
namespace {

class MceToReference : public CurveMetric {
  public:
    const CurveMetricInfo& info() const override {
        static const CurveMetricInfo info{
            .name = "mce_to_reference",
            .summary =
                "mean over severity shifts of the error summed over levels from 1 on, relative to the reference model "
                "of the run (100)",
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
        return because_of_either(input, model, [&](std::size_t m) { return missing_errors(input, m, shifts, false); });
    }
    std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const override {
        return corruption_error_of(input, model, severity_shifts(input), Normalisation::absolute, {},
                                   input.reference_model);
    }
};

}  // namespace

const CurveMetric& mce_to_reference_curve_metric() {
    static const MceToReference metric;
    return metric;
}

}  // namespace misfire
