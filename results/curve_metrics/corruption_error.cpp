#include "results/curve_metrics/corruption_error.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "results/curve_metrics/sample_means.h"

namespace misfire {
namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();

double divided(double a, double b) { return b == 0.0 ? nan_double : a / b; }

double damage(const ShiftErrors& errors) { return errors.sum - static_cast<double>(errors.levels) * errors.clean; }

// The cells of one model that a corruption error looks at.
class ModelErrors {
  public:
    ModelErrors(const CurveMetricInput& input, std::size_t model, const ShiftLevels& shifts, bool with_clean) {
        for (const auto& [shift, levels] : shifts) {
            std::vector<const std::vector<std::int8_t>*> columns;
            for (const std::size_t level : levels) columns.push_back(&input.levels[model][shift][level].rows->error);
            sums_.emplace_back(columns);
            levels_.push_back(levels.size());
        }
        if (with_clean) clean_.emplace(std::vector{&input.clean[model].rows->error});
    }

    std::vector<ShiftErrors> value(std::span<const std::int32_t> weights) const {
        const double clean = clean_ ? clean_->value(weights) : 0.0;
        std::vector<ShiftErrors> errors;
        for (std::size_t s = 0; s < sums_.size(); ++s) errors.push_back({sums_[s].value(weights), clean, levels_[s]});
        return errors;
    }

    void mark(std::vector<bool>& take_part) const {
        for (const SumOfCellMeans& sum : sums_) sum.mark(take_part);
        if (clean_) clean_->mark(take_part);
    }

  private:
    std::vector<SumOfCellMeans> sums_;
    std::vector<std::size_t> levels_;
    std::optional<SumOfCellMeans> clean_;
};

class CorruptionError : public CurveStatistic {
  public:
    CorruptionError(ModelErrors model, std::optional<ModelErrors> reference, std::vector<ShiftErrors> fixed,
                    Normalisation normalisation)
        : model_(std::move(model)),
          reference_(std::move(reference)),
          fixed_(std::move(fixed)),
          normalisation_(normalisation) {
        std::vector<bool> take_part;
        model_.mark(take_part);
        if (reference_) reference_->mark(take_part);
        samples_ = std::count(take_part.begin(), take_part.end(), true);
    }

    double value(std::span<const std::int32_t> weights) const override {
        const std::vector<ShiftErrors> reference = reference_ ? reference_->value(weights) : fixed_;
        return mean_corruption_error(model_.value(weights), reference, normalisation_);
    }
    std::int64_t samples() const override { return samples_; }

  private:
    ModelErrors model_;
    std::optional<ModelErrors> reference_;
    std::vector<ShiftErrors> fixed_;
    Normalisation normalisation_;
    std::int64_t samples_ = 0;
};

std::string because_of(const CurveCell& cell, const std::string& name) {
    if (cell.rows == nullptr) return cell.missing_because;
    return is_empty(cell.rows->error) ? "no sample of " + name + " has both an answer and a label" : "";
}

}  // namespace

double mean_corruption_error(std::span<const ShiftErrors> model, std::span<const ShiftErrors> reference,
                             Normalisation normalisation) {
    if (model.empty()) return nan_double;
    double sum = 0.0;
    for (std::size_t s = 0; s < model.size(); ++s) {
        switch (normalisation) {
            case Normalisation::none: sum += divided(model[s].sum, static_cast<double>(model[s].levels)); break;
            case Normalisation::absolute: sum += 100.0 * divided(model[s].sum, reference[s].sum); break;
            case Normalisation::relative: sum += 100.0 * divided(damage(model[s]), damage(reference[s])); break;
        }
    }
    return sum / static_cast<double>(model.size());
}

std::vector<std::size_t> corruption_levels(const ShiftInfo& shift) {
    std::vector<std::size_t> levels;
    for (std::size_t l = 0; l < shift.levels.size(); ++l) {
        // An out-of-distribution set at rising severities corrupts nothing that has a right answer.
        if (shift.unit == "severity" && shift.kind != "ood" && shift.levels[l].value >= 1.0) levels.push_back(l);
    }
    return levels;
}

ShiftLevels severity_shifts(const CurveMetricInput& input) {
    ShiftLevels shifts;
    for (std::size_t s = 0; s < input.shifts.size(); ++s) {
        if (auto levels = corruption_levels(input.shifts[s]); !levels.empty())
            shifts.emplace_back(s, std::move(levels));
    }
    return shifts;
}

std::string missing_errors(const CurveMetricInput& input, std::size_t model, const ShiftLevels& shifts,
                           bool with_clean) {
    if (shifts.empty()) return "the run has no severity shift with a level of 1 or above";
    const std::string& name = input.models[model].name;
    if (with_clean) {
        if (std::string why = because_of(input.clean[model], name + "/clean/0"); !why.empty()) return why;
    }
    for (const auto& [shift, levels] : shifts) {
        for (const std::size_t level : levels) {
            const ShiftInfo& info = input.shifts[shift];
            const std::string cell = name + "/" + info.name + "/" + info.levels[level].label;
            if (std::string why = because_of(input.levels[model][shift][level], cell); !why.empty()) return why;
        }
    }
    return "";
}

std::unique_ptr<CurveStatistic> corruption_error_of(const CurveMetricInput& input, std::size_t model,
                                                    const ShiftLevels& shifts, Normalisation normalisation,
                                                    std::vector<ShiftErrors> fixed_reference,
                                                    std::optional<std::size_t> reference_model) {
    const bool with_clean = normalisation == Normalisation::relative;
    std::optional<ModelErrors> reference;
    if (reference_model) reference.emplace(input, *reference_model, shifts, with_clean);
    return std::make_unique<CorruptionError>(ModelErrors(input, model, shifts, with_clean), std::move(reference),
                                             std::move(fixed_reference), normalisation);
}

}  // namespace misfire
