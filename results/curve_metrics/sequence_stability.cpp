#include "results/curve_metrics/sequence_stability.h"

#include <algorithm>
#include <limits>

#include "results/curve_metrics/sample_means.h"

namespace misfire {
namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();

std::vector<std::size_t> sequences(const CurveMetricInput& input) {
    std::vector<std::size_t> found;
    for (std::size_t s = 0; s < input.shifts.size(); ++s) {
        if (input.shifts[s].kind == "sequence") found.push_back(s);
    }
    return found;
}

std::vector<SampleMean> means_of(const CurveMetricInput& input, std::size_t model, PairColumn column) {
    std::vector<SampleMean> means;
    for (const std::size_t s : sequences(input)) {
        std::vector<const std::vector<std::int8_t>*> columns;
        for (const CurveCell& cell : input.levels[model][s]) {
            if (cell.has_partner) columns.push_back(&(cell.rows->*column));
        }
        means.emplace_back(mean_over_pairs(columns));
    }
    return means;
}

class Stability : public CurveStatistic {
  public:
    Stability(std::vector<SampleMean> model, std::vector<SampleMean> reference)
        : model_(std::move(model)), reference_(std::move(reference)) {
        std::vector<bool> take_part(model_.front().counts().size());
        for (const std::vector<SampleMean>* means : {&model_, &reference_}) {
            for (const SampleMean& mean : *means) {
                for (std::size_t i = 0; i < take_part.size(); ++i) take_part[i] = take_part[i] || mean.counts()[i] != 0;
            }
        }
        samples_ = std::count(take_part.begin(), take_part.end(), true);
    }

    double value(std::span<const std::int32_t> weights) const override {
        double sum = 0.0;
        for (std::size_t s = 0; s < model_.size(); ++s) {
            const double own = model_[s].value(weights);
            if (reference_.empty()) {
                sum += own;
                continue;
            }
            const double other = reference_[s].value(weights);
            sum += other == 0.0 ? nan_double : 100.0 * own / other;
        }
        return sum / static_cast<double>(model_.size());
    }
    std::int64_t samples() const override { return samples_; }

  private:
    std::vector<SampleMean> model_;
    std::vector<SampleMean> reference_;  // empty: plain mean
    std::int64_t samples_ = 0;
};

}  // namespace

bool has_sequences(const CurveMetricInput& input) { return !sequences(input).empty(); }

std::vector<double> mean_over_pairs(const std::vector<const std::vector<std::int8_t>*>& columns) {
    std::vector<double> means(columns.empty() ? 0 : columns.front()->size(), nan_double);
    for (std::size_t i = 0; i < means.size(); ++i) {
        int sum = 0;
        int pairs = 0;
        for (const std::vector<std::int8_t>* column : columns) {
            if ((*column)[i] < 0) continue;
            sum += (*column)[i];
            ++pairs;
        }
        if (pairs > 0) means[i] = static_cast<double>(sum) / pairs;
    }
    return means;
}

std::string missing_pairs(const CurveMetricInput& input, std::size_t model, PairColumn column) {
    if (!has_sequences(input)) return "the run has no sequences: add a shift such as {sequence: imagenet-p}";
    const std::string& name = input.models[model].name;
    if (column == &CellRows::top5_distance && input.models[model].classes < 5) {
        return "a top-5 distance needs at least 5 classes, " + name + " has " +
               std::to_string(input.models[model].classes);
    }
    for (const std::size_t s : sequences(input)) {
        bool any = false;
        for (const CurveCell& cell : input.levels[model][s]) {
            if (cell.rows == nullptr) return cell.missing_because;
            any = any || (cell.has_partner && !is_empty(cell.rows->*column));
        }
        if (!any) return "the sequence " + input.shifts[s].name + " holds no pair of frames that both have an answer";
    }
    return "";
}

std::unique_ptr<CurveStatistic> stability_of(const CurveMetricInput& input, std::size_t model, PairColumn column,
                                             std::optional<std::size_t> reference_model) {
    std::vector<SampleMean> reference;
    if (reference_model) reference = means_of(input, *reference_model, column);
    return std::make_unique<Stability>(means_of(input, model, column), std::move(reference));
}

}  // namespace misfire
