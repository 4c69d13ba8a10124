// Which monitors watch a run, and what they look at.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/run_record.h"

namespace misfire {

// What a run offers to monitors.
struct Watchable {
    bool regression = false;
    bool table = false;               // inputs are rows of a table; otherwise images
    std::vector<std::string> inputs;  // names of what `input` is made of, see input_names()
};

// Names of the numbers that Outcomes::kept[inputs_column] holds per row: the features of a table, or of an image what
// image_inputs.h measures.
std::vector<std::string> input_names(bool table, const std::vector<std::string>& features);

// A monitor as the scenario names it, checked and completed: `on` empty takes what suits its kind (streaming: error;
// bbsd and estimates: output; other batch monitors: input of a table, confidence of a classifier), `window` 0 takes 50
// rows where the monitor is of kind batch. Throws UsageError naming value, limit and remedy: an unknown monitor or
// parameter, a quantity that the run has not, a window of a streaming monitor.
MonitorUse complete_use(MonitorUse use, const Watchable& run);

// Columns of Outcomes::kept that the use reads; "" for none.
std::string column_read_by(const MonitorUse& use, bool regression);

}  // namespace misfire
