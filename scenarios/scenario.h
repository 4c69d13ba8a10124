// A scenario: models x one data set x shifts x metrics, as a person writes it and with every default spelled out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "core/image.h"
#include "core/model.h"
#include "core/perturbation.h"
#include "core/score.h"
#include "scenarios/data/spec.h"
#include "scenarios/shifts/files_shift.h"
#include "scenarios/shifts/ood_shift.h"
#include "scenarios/shifts/perturb_shift.h"
#include "scenarios/shifts/sequence_shift.h"
#include "scenarios/shifts/table_shift.h"

namespace misfire {

// What a scenario says of the input; each part overrides the model's card.
struct InputSpec {
    std::optional<Geometry> geometry;
    std::optional<TensorForm> tensor;
};

struct ModelSpec {
    std::string name;  // slug
    std::string file;  // "zoo:<name>" or an absolute path
    std::optional<OutputKind> output;
    std::optional<std::string> output_key;
    InputSpec input;
    std::string engine;    // "", "onednn", "qnnpack"
    std::string optimize;  // none | freeze | inference
    std::string expect_sha256;
};

using ShiftSpec =
    std::variant<PerturbSpec, FilesSpec, SequenceSpec, TablePerturbSpec, BehaviourSpec, CalendarSpec, OodSpec>;

// Samples that scores are fitted on, before the run and apart from its own.
struct FitSpec {
    DataSpec data;
    std::size_t limit = 0;  // 0: every sample
};

// The metrics that `metrics:` may name, and the scores of `scores:`.
struct KnownMetrics {
    std::vector<std::string> by_default;         // what a scenario without `metrics:` gets, in this order
    std::vector<std::string> on_request = {};    // the others
    std::vector<std::string> to_reference = {};  // those of both that need `reference_model`
    std::vector<const ScoreInfo*> scores = {};   // they live as long as the program
    std::vector<std::string> of_scores = {};     // families of metrics, `auroc` of auroc:<score>
    KnownMetrics(std::vector<std::string> names, std::vector<std::string> more = {},
                 std::vector<std::string> ratios = {})
        : by_default(std::move(names)), on_request(std::move(more)), to_reference(std::move(ratios)) {}
    KnownMetrics(std::initializer_list<std::string> names) : by_default(names) {}
};

// A monitor as written; what it is called and takes is checked by the room that knows monitors.
struct MonitorSpec {
    std::string monitor;     // "adwin:delta=0.01"
    std::string on;          // "": what suits the monitor
    std::size_t window = 0;  // 0: the default
    std::string where;       // file, line and key, for messages
};

struct Scenario {
    std::string name;
    std::string file;  // where it was read from; only for messages
    std::uint64_t seed = 0;
    std::vector<ModelSpec> models;
    DataSpec data;
    std::size_t limit = 0;  // 0: every sample
    InputSpec input;
    std::vector<ShiftSpec> shifts;
    std::vector<std::string> metrics;  // of cells and of curves, as written
    bool default_metrics = false;      // none were named: those that fit the data are taken
    std::vector<ScoreSpec> scores;     // those that were asked for, and those that metrics need
    std::optional<FitSpec> fit;
    std::string reference_model;  // name of one of `models`, "" for none
    std::vector<MonitorSpec> monitors;
    std::size_t monitor_trials = 0;  // resamples of clean data that count false alarms
    std::vector<CheckSpec> checks;   // statements about the curves
    std::vector<std::string> keep;   // extra per-sample columns: "logits", "top5"
    std::string device = "cpu";
    std::vector<std::string> notes;  // what a reader of the file might not expect; said before a run
    int block = 512;                 // samples per tile
    int batch = 64;                  // inference micro-batch
};

// Path of a scenario given as a file or by the name of a shipped one ("demo"). Throws UsageError with the nearest name.
std::filesystem::path find_scenario(const std::string& file_or_name);

// Names of the shipped scenarios, ascending.
std::vector<std::string> shipped_scenarios();

// Reads, applies `--set key=value` overrides (keys are dotted paths, list items by number: shifts.0.severities=0-3;
// values are YAML), validates. Relative paths are taken from the file's folder. Throws ScenarioError naming file, line
// and remedy. `known_metrics` comes from the results room, which scenarios/ does not depend on.
Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                       const KnownMetrics& known_metrics);
Scenario parse_scenario(const std::string& text, const std::string& file, const std::filesystem::path& folder,
                        const std::vector<std::string>& overrides, const KnownMetrics& known_metrics);

// The effective scenario as YAML: every default spelled out, paths absolute. parse_scenario() of it gives the same
// scenario. Without `block` and `batch` it is what results depend on: these two belong to the environment.
std::string to_yaml(const Scenario& scenario, bool with_block_and_batch = true);

// True for names that can stand in cell names, folders and HDF5 paths: one or more of A-Z a-z 0-9 . _ + - not starting
// with a dot.
bool is_slug(const std::string& text);

}  // namespace misfire
