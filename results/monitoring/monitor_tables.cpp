#include "results/monitoring/monitor_tables.h"

#include <algorithm>

#include "results/hdf5_rows.h"

namespace misfire {

namespace {

constexpr auto status_word = [](Status status) { return name_of(status); };

hdf5::RowTable<MonitorResult> monitors_table() {
    using M = MonitorResult;
    hdf5::RowTable<M> table("/monitors");
    table.text("model", &M::model)
        .text("shift", &M::shift)
        .real("level", &M::level)
        .text("label", &M::label)
        .text("monitor", &M::monitor)
        .text("on", &M::on)
        .flag("alarm", &M::alarm)
        .real("delay_samples", &M::delay_samples)
        .real("delay_days", &M::delay_days)
        .real("harm", &M::harm)
        .integer("false_alarms", &M::false_alarms)
        .real("false_alarms_per_1000", &M::false_alarms_per_1000)
        .integer("clean", &M::clean)
        .integer("changed", &M::changed)
        .flag("warned", &M::warned)
        .real("warning_delay_samples", &M::warning_delay_samples)
        .text("alarm_id", &M::alarm_id)
        .text("kind", &M::kind)
        .word("status", &M::status, status_word, hdf5::status_named)
        .text("message", &M::message);
    return table;
}

hdf5::RowTable<AccuracyEstimate> estimates_table() {
    using E = AccuracyEstimate;
    hdf5::RowTable<E> table("/accuracy_estimates");
    table.text("model", &E::model)
        .text("shift", &E::shift)
        .real("level", &E::level)
        .text("label", &E::label)
        .text("monitor", &E::monitor)
        .word("status", &E::status, status_word, hdf5::status_named)
        .real("estimate", &E::estimate)
        .real("low", &E::low)
        .real("high", &E::high)
        .real("measured", &E::measured)
        .real("gap", &E::gap)
        .integer("n", &E::n)
        .text("message", &E::message);
    return table;
}

hdf5::RowTable<MonitorTrial> trials_table() {
    using T = MonitorTrial;
    hdf5::RowTable<T> table("/monitor_trials");
    table.text("model", &T::model)
        .text("monitor", &T::monitor)
        .text("on", &T::on)
        .word("status", &T::status, status_word, hdf5::status_named)
        .integer("run", &T::run)
        .integer("trials", &T::trials)
        .integer("samples", &T::samples)
        .integer("with_alarm", &T::with_alarm)
        .real("share", &T::share)
        .real("low", &T::low)
        .real("high", &T::high)
        .real("false_alarms_per_1000", &T::false_alarms_per_1000)
        .text("message", &T::message);
    return table;
}

}  // namespace

void write_monitor_tables(hdf5::Writer& file, const RunResults& results) {
    if (!results.monitors.empty()) monitors_table().write(file, results.monitors);
    if (!results.accuracy_estimates.empty()) estimates_table().write(file, results.accuracy_estimates);
    if (!results.monitor_trials.empty()) trials_table().write(file, results.monitor_trials);
}

void read_monitor_tables(const hdf5::Reader& file, RunResults& results) {
    const std::vector<std::string> objects = file.children("/");
    const auto holds = [&](const char* name) {
        return std::find(objects.begin(), objects.end(), name) != objects.end();
    };
    if (holds("monitors")) results.monitors = monitors_table().read(file);
    if (holds("accuracy_estimates")) results.accuracy_estimates = estimates_table().read(file);
    if (holds("monitor_trials")) results.monitor_trials = trials_table().read(file);
}

}  // namespace misfire
