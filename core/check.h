// A statement about the curves of a run that holds or is breached, as a scenario or the command line writes it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace misfire {

// What a check that is breached, or cannot be decided, does to the verdict of a run.
enum class CheckLevel { error, warn, off };

inline const char* name_of(CheckLevel level) {
    return level == CheckLevel::error ? "error" : level == CheckLevel::warn ? "warn" : "off";
}

struct CheckSpec {
    std::string text;     // all of it on one line, as the command line takes it
    std::string metric;   // of cells ("accuracy"), of curves ("accuracy.area", ".drop", ".breaking_point"), over the
                          // run ("mce"), "seconds_per_sample"; with `monitor` a column of /monitors
    std::string monitor;  // pattern; "": not about monitors
    std::string model = "*";  // patterns of * and ?
    std::string shift = "*";
    std::string levels = "*";  // see core/level_choice.h
    std::string group;         // "": all samples; otherwise a pattern of "attribute=value"
    std::optional<double> min;
    std::optional<double> max;
    std::optional<double> max_regression;  // against a baseline, in the unit of the metric, in its worse direction
    bool combine_mean = false;  // one statement about the mean over what matches, per model, instead of one about each
    CheckLevel on_breach = CheckLevel::error;
    CheckLevel on_inconclusive = CheckLevel::error;
};

inline constexpr const char* cost_metric = "seconds_per_sample";

// The parts of a curve that a metric's name may end with.
inline const std::vector<std::string>& curve_parts() {
    static const std::vector<std::string> parts = {"area", "drop", "breaking_point"};
    return parts;
}

// Numbers of /monitors that checks may be about.
inline const std::vector<std::string>& monitor_metrics() {
    static const std::vector<std::string> names = {"alarm", "delay_samples", "delay_days", "false_alarms_per_1000",
                                                   "harm"};
    return names;
}

// "accuracy.area" -> {"accuracy", "area"}; {"mce", ""} where there is no such part.
inline std::pair<std::string, std::string> split_metric(const std::string& metric) {
    for (const std::string& part : curve_parts()) {
        if (metric.ends_with("." + part)) return {metric.substr(0, metric.size() - part.size() - 1), part};
    }
    return {metric, ""};
}

}  // namespace misfire
