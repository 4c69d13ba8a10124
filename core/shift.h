// The seam that turns clean data into a sequence of harder data.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/model.h"

namespace misfire {

struct Level {
    double value = 0.0;  // severity, fraction, month number ...
    std::string label;   // what names and pictures show: "3", "2020-03"; a slug
};

enum class PairsWith { reference, previous, none };

struct ShiftInfo {
    std::string name;  // slug, unique in a run
    std::string kind;  // perturb | files | sequence | table | behaviour | calendar | ood
    std::string summary;
    std::string unit;  // of the level: "severity", "fraction"
    std::vector<Level>
        levels;  // ascending; level 0 of a severity shift is the clean data and is shared as <model>/clean/0
    bool reference_is_clean = true;  // the reference is the clean data; otherwise reference_level names one of `levels`
    std::size_t reference_level = 0;
    bool sequential = false;  // needs the outcomes of the level before
    PairsWith pairs_with = PairsWith::reference;
    std::size_t pairs_stride = 1;  // with PairsWith::previous: how many levels back the partner lies (at least 1)
    bool labels_changed = false;
    std::string effect_meaning;   // of Shift::effect(), "" where there is none
    std::vector<double> effects;  // realised at each of `levels`, for the record; NaN where there is none
    std::string moves;            // of changes of tables: "inputs", "labels", "both"; "" where nothing is said
    std::vector<std::string>
        ood_ids;  // of an out-of-distribution set: what Sample::ood_row counts; empty: made to order
    // Of a shift through time: UTC seconds since 1970-01-01 at which the world it shows changes; one number, or none
    // where it is everywhere the same or not known. Filled by the set-up from Shift::changes_at().
    std::vector<std::int64_t> changes_at;
    std::string
        parameter_set;  // which published parameters the run's images get, for the record; "" where there is no choice
    std::string version;  // goes into the journal's hashes: what must not change between a run and its resume
};

// What a view may need besides the samples it changes.
struct ShiftContext {
    Geometry geometry;                // of the models that will see the view
    const Dataset* source = nullptr;  // the same samples, decoded but before geometry
    const Dataset* whole = nullptr;   // every sample there is; its table() is what a change of tables starts from
};

class Shift {
  public:
    virtual ~Shift() = default;
    virtual const ShiftInfo& info() const = 0;
    // See ShiftInfo::parameter_set; filled into the record when the size of the images is known.
    virtual std::string parameter_set(int height, int width) const {
        static_cast<void>(height);
        static_cast<void>(width);
        return "";
    }
    // Throws ScenarioError when the shift could not change anything for this model (nearest-neighbour resizing where
    // nothing is resized).
    virtual void require_effect(const ModelInfo& model) const { static_cast<void>(model); }
    // Realised effect size at a level of this data; NaN where there is none. Throws ScenarioError and UsageError when
    // the shift does not fit the data.
    virtual double effect(const Dataset& whole, std::size_t level) const {
        static_cast<void>(whole);
        static_cast<void>(level);
        return std::numeric_limits<double>::quiet_NaN();
    }
    // Time at which the shift changes the world: what monitors should notice. Nothing where it changes all rows alike,
    // or where the time is not known. Throws as effect().
    virtual std::optional<std::int64_t> changes_at(const Dataset& whole) const {
        static_cast<void>(whole);
        return std::nullopt;
    }
    // What was drawn for a sample at a level besides its pixels: "fog at 2.3"; "" where nothing is.
    virtual std::string drawn(std::size_t level, const std::string& sample_id) const {
        static_cast<void>(level);
        static_cast<void>(sample_id);
        return "";
    }
    // A view of `clean` (samples after geometry) at info().levels[level]: same samples, same order. Both `clean` and
    // the context outlive the view. at() of the view is thread-safe.
    virtual std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const = 0;
};

}  // namespace misfire
