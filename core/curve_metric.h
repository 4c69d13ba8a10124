// The seam of numbers over many cells: one curve, or a whole run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model.h"
#include "core/outcome.h"
#include "core/shift.h"

namespace misfire {

struct CurveMetricInfo {
    std::string name;
    std::string summary;
    std::string unit;  // "fraction", "%", "places"
    Direction direction = Direction::lower_is_better;
    std::string needs;                   // in words: what a run must hold for it
    bool needs_reference_model = false;  // the scenario must say `reference_model`
    std::string kept = {};               // column of Outcomes::kept that it reads, "" for none
    std::string reference;               // source of the formula
};

// What is left of a cell for metrics over many cells: one entry per sample in canonical order, -1 where it does not
// count.
struct CellRows {
    std::vector<std::int8_t> error;          // 1 wrong, 0 right; -1 without answer or label
    std::vector<std::int8_t> flip;           // 1 where the predicted class is not the partner's; -1 without partner
    std::vector<std::int8_t> top5_distance;  // 0..15 against the partner (see metric top5_distance); -1 without
};

// A level of a shift for one model.
struct CurveCell {
    const CellRows* rows = nullptr;  // null: the cell has no outcomes ...
    std::string missing_because;     // ... and this is why
    bool has_partner = false;        // the shift pairs this level with another
};

struct CurveMetricInput {
    std::span<const ModelInfo> models;
    std::span<const ShiftInfo> shifts;
    std::string benchmark;                                    // see RunRecord
    std::optional<std::size_t> reference_model;               // index in models
    std::vector<CurveCell> clean;                             // [model]; the shared clean cell
    std::vector<std::vector<std::vector<CurveCell>>> levels;  // [model][shift][level of ShiftInfo::levels]
};

// A statistic of the samples of a run: entry i of the weights is sample i. Cheap to evaluate again and again.
class CurveStatistic : public Statistic {
  public:
    virtual std::int64_t samples() const = 0;  // how many samples have a part in it
};

class CurveMetric {
  public:
    virtual ~CurveMetric() = default;
    virtual const CurveMetricInfo& info() const = 0;
    // Whether a run gets it without naming it.
    virtual bool offered(const CurveMetricInput& input) const {
        static_cast<void>(input);
        return false;
    }
    // Why a model of the run has no value, "" where it has one.
    virtual std::string undefined_because(const CurveMetricInput& input, std::size_t model) const = 0;
    // Requires undefined_because(input, model) to be empty. The statistic keeps no reference to the input. NaN where a
    // sum that divides is 0.
    virtual std::unique_ptr<CurveStatistic> over(const CurveMetricInput& input, std::size_t model) const = 0;
};

}  // namespace misfire
