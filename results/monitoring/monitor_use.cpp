#include "results/monitoring/monitor_use.h"

#include <algorithm>

#include "core/error.h"
#include "core/nearest_name.h"
#include "results/monitors/settings.h"

namespace misfire {

namespace {

constexpr std::size_t default_window = 50;
constexpr std::size_t least_window = 5;
constexpr const char* input_of = "input:";

std::string default_quantity(const MonitorInfo& info, const Watchable& run) {
    if (info.kind == MonitorKind::streaming) return "error";
    if (info.input == MonitorInput::probabilities) return "output";
    if (run.table) return "input";
    return "confidence";
}

std::string quoted(const MonitorUse& use) { return "`on: " + use.on + "` of the monitor " + use.monitor; }

void check_quantity(const MonitorUse& use, const MonitorInfo& info, const Watchable& run) {
    std::vector<std::string> known = {"error", "confidence", "output", "input"};
    const bool column = use.on.starts_with(input_of);
    if (!column && std::find(known.begin(), known.end(), use.on) == known.end()) {
        throw UsageError(quoted(use) + " is not known." + did_you_mean(use.on, known) +
                         " It is error, confidence, output, input or input:<column>.");
    }
    if (column) {
        const std::string name = use.on.substr(std::string(input_of).size());
        if (std::find(run.inputs.begin(), run.inputs.end(), name) == run.inputs.end())
            throw UsageError(quoted(use) + " names no input." + did_you_mean(name, run.inputs));
    }
    if (run.regression && use.on == "confidence")
        throw UsageError(quoted(use) + ": a regression has no confidence. Take error, output or input.");
    if (info.input == MonitorInput::probabilities) {
        if (use.on != "output")
            throw UsageError(quoted(use) + ": it looks at the probabilities of a classifier, `on: output`.");
        if (run.regression)
            throw UsageError("The monitor " + use.monitor +
                             " looks at the probabilities of a classifier, and this run's models answer numbers. Take "
                             "ks, mmd or psi `on: output`.");
    }
    if (info.kind != MonitorKind::streaming) return;
    if (use.on == "input")
        throw UsageError(quoted(use) + ": a streaming monitor takes one number after another. Name one: input:" +
                         (run.inputs.empty() ? std::string("<column>") : run.inputs.front()) + ".");
    if (use.on == "output" && !run.regression)
        throw UsageError(quoted(use) +
                         ": classes are no numbers. Take `on: confidence`, or a batch monitor such as bbsd.");
}

}  // namespace

std::vector<std::string> input_names(bool table, const std::vector<std::string>& features) {
    if (table) return features;
    return {"brightness", "contrast", "sharpness"};
}

MonitorUse complete_use(MonitorUse use, const Watchable& run) {
    const MonitorSpecification specification = parse_monitor(use.monitor);
    const MonitorInfo& info = specification.entry->info;
    if (use.on.empty()) use.on = default_quantity(info, run);
    check_quantity(use, info, run);
    if (info.kind != MonitorKind::batch) {
        if (use.window != 0)
            throw UsageError("`window` of the monitor " + use.monitor +
                             ": windows are of batch monitors, and this one is of kind " + name_of(info.kind) +
                             ". Leave it out.");
        return use;
    }
    if (use.window == 0) use.window = default_window;
    if (use.window < least_window)
        throw UsageError("`window: " + std::to_string(use.window) + "` of the monitor " + use.monitor +
                         " is too short to compare. Give at least " + std::to_string(least_window) + " rows.");
    return use;
}

std::string column_read_by(const MonitorUse& use, bool regression) {
    if (use.on.starts_with("input")) return inputs_column;
    return use.on == "output" && !regression ? "logits" : "";
}

}  // namespace misfire
