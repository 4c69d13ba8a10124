// Everything a projection of the journal needs to know of a run besides its tiles, fixed when the run is planned.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/model.h"
#include "core/outcome.h"
#include "core/score.h"
#include "core/shift.h"
#include "results/run_results.h"

namespace misfire {

// A monitor of a run and what it looks at.
struct MonitorUse {
    std::string monitor;     // as written: "adwin:delta=0.01"
    std::string on;          // error | confidence | output | input | input:<column>; "": what suits the monitor
    std::size_t window = 0;  // rows that a batch monitor compares with the reference at a time
    friend bool operator==(const MonitorUse&, const MonitorUse&) = default;
};

struct RunRecord {
    std::string run_id;
    std::string scenario;  // text of the effective scenario
    std::uint64_t seed = 0;
    std::string dataset;                   // name
    std::vector<std::string> class_names;  // may be empty
    std::vector<ModelInfo> models;
    std::vector<ShiftInfo> shifts;
    std::vector<std::string> sample_ids;  // canonical order: ascending
    std::vector<std::int32_t> targets;    // one per sample, -1 where unknown; empty: the run has no labels
    std::vector<std::string> attribute_names;
    std::vector<std::vector<std::string>> attributes;  // [attribute][sample], "" where unknown
    std::vector<std::vector<std::uint32_t>> blocks;    // canonical row indices; every row in exactly one block
    std::vector<std::string> metrics;
    std::vector<std::string> curve_metrics;  // asked for by name; others may be offered besides
    std::string reference_model;             // name of the model that ratios refer to, "" for none
    std::string benchmark;                   // "imagenet": the data say that they are ImageNet's validation images
    std::vector<std::int64_t> times;  // of each sample, UTC seconds since 1970-01-01; empty: the data has no time
    std::vector<MonitorUse> monitors;
    std::vector<std::string> monitored_inputs;         // names of the columns of Outcomes::kept[inputs_column]
    std::size_t monitor_trials = 0;                    // resamples of clean data on which false alarms are counted
    std::vector<std::string> keep;                     // kept columns that go into results.h5
    std::vector<ScoreState> scores;                    // per model and score
    std::map<std::string, std::string> skipped_cells;  // cell name -> why it was left out (--filter)
    std::map<std::string, std::string> environment;  // created_utc, command, misfire_version, source_sha256, libtorch,
                                                     // opencv, hdf5, cpu, isa, qengine, threads, batch, block
};

// A point of every curve: model x shift x level.
struct Cell {
    std::string name;       // model/shift/label; the shared reference is model/clean/0
    std::size_t model = 0;  // index in RunRecord::models
    std::string shift;      // "clean" for the shared reference
    double level = 0.0;
    std::string label;
    bool reference = false;
};

inline constexpr std::string_view clean_shift = "clean";
std::string cell_name(std::string_view model, std::string_view shift, std::string_view label);

// Every cell once, by model, the reference first, then shifts and levels in the record's order. Level 0 of a shift
// whose reference is the clean data is no cell of its own. Skipped ones are among them.
std::vector<Cell> cells_of(const RunRecord& record);

// Cells of one curve in ascending level; for a shift whose reference is the clean data, model/clean/0 stands for level
// 0, whether the shift lists that level or not. Indices into cells_of(record).
std::vector<std::size_t> curve_cells(const RunRecord& record, const std::vector<Cell>& cells, std::size_t model,
                                     std::size_t shift);

// What is known of the realised size of each shift at each level, in their order.
std::vector<Effect> effects_of(const std::vector<ShiftInfo>& shifts);

// JSON for the journal. Throws DataError when a text is not UTF-8; run_record_from_json throws StoreError when the text
// is not a whole record.
std::string to_json(const RunRecord& record);
RunRecord run_record_from_json(std::string_view text);

}  // namespace misfire
