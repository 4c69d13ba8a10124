// From a scenario to everything that a run, a plan or a resume needs: models loaded, samples selected, cells named.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/dataset.h"
#include "core/model.h"
#include "core/shift.h"
#include "models/scores/model_scores.h"
#include "results/run_record.h"
#include "scenarios/scenario.h"

namespace misfire {

// A cell that is to be run: model x shift x level, by their places in the set-up. The clean data at the reference level
// is one cell per model, <model>/clean/0, shared by all shifts.
struct PlannedCell {
    static constexpr std::size_t no_shift = static_cast<std::size_t>(-1);
    std::string name;
    std::size_t model = 0;
    std::size_t shift = no_shift;
    std::size_t level = 0;
    bool is_clean() const { return shift == no_shift; }
};

// Models that see the same pixels: the perturbed batch is made once for all of them.
struct GeometryGroup {
    Geometry geometry;
    std::vector<std::size_t> models;
};

// How a model's outputs meet the labels of the data.
struct TargetMap {
    std::vector<std::int32_t>
        targets;  // per selected sample: column among the scored outputs; empty with `labels: none`
    std::vector<std::int64_t> restricted_columns;  // outputs that are scored, in order; empty: all of them
    std::int64_t classes = 0;                      // number of scored outputs
    std::vector<std::int64_t> class_columns;       // of a table, whose targets may change: class -> column scored
};

// In Setup::fit_targets: of a class whose output is not scored. Nothing is fitted on it.
inline constexpr std::int32_t class_not_scored = -2;

struct Setup {
    Scenario scenario;
    std::unique_ptr<Dataset> data;
    std::vector<std::size_t> selection;  // indices into data, canonical order (ascending id)
    std::vector<std::unique_ptr<Model>> models;
    std::vector<TargetMap> targets;  // per model
    std::vector<std::unique_ptr<Shift>> shifts;
    std::vector<GeometryGroup> groups;
    std::vector<PlannedCell> cells;  // selected ones; canonical order: models, then clean, then shifts and levels
    RunRecord record;                // blocks in it: keyed-hash order of ids, so that a part of a run is a random part
    // Of a table: sample of the data -> its place among the selected ones.
    std::unordered_map<std::size_t, std::size_t> position_of;
    std::vector<std::unique_ptr<ModelScores>> scores;  // per model; empty where the scenario asks for none
    std::unique_ptr<Dataset> fit_data;                 // null where no score of any model wants one
    std::vector<std::size_t> fit_selection;            // indices into it, canonical order
    // Per model and sample of it: place among the scored outputs, -1 where unknown, or class_not_scored; empty without
    // labels.
    std::vector<std::vector<std::int32_t>> fit_targets;
    std::vector<std::string> notes;  // what the data made of the scenario; said before a run
    std::string manifest_sha256;     // of ids, labels and attributes of the selected samples
};

// Position of every class of the data among the outputs of a model; -1 where the model does not know it. Throws
// DataError when the classes do not fit.
std::vector<std::int64_t> class_columns(const DatasetInfo& data, const DataSpec& spec, const ModelInfo& model,
                                        std::int64_t highest_label);

// The shifts of a scenario over its data, before geometry. Throws ScenarioError when two have one name, and the errors
// of the rooms.
// `sizes`: see image_sizes(). `selection`: the samples that will be shown, empty for all; the shifts of
// out-of-distribution data keep a reference to `data`.
std::vector<std::unique_ptr<Shift>> open_shifts(const Scenario& scenario, const Dataset& data,
                                                const std::set<std::pair<int, int>>& sizes,
                                                const std::vector<std::size_t>& selection = {});

// What pictures without a model show of a sample: the image, or what a model of ImageNet's usual normalisation sees
// where a perturbation changes the form of its input.
Image picture_of(const Sample& sample);

// Throws ScenarioError when a shift could not change anything in pictures of this geometry.
void require_effect(const std::vector<std::unique_ptr<Shift>>& shifts, const Geometry& geometry);

// Height and width of the images after each geometry; those of sample `first`, if it can be read, where there is none.
std::set<std::pair<int, int>> image_sizes(const std::vector<Geometry>& geometries, const Dataset& data,
                                          std::size_t first);

// Opens data, then models, then shifts; first mistake first. `cell_filter` is a regular expression searched in cell
// names, negated by a leading '-'; "" selects all. The record's run_id and environment are left to the caller. Throws
// the errors of the rooms.
Setup set_up(Scenario scenario, const std::string& cell_filter);

}  // namespace misfire
