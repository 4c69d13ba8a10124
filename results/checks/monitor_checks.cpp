#include "results/checks/monitor_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "core/error.h"
#include "core/level_choice.h"
#include "core/nearest_name.h"
#include "results/compare/comparison.h"

namespace misfire {
namespace {

using Outcome = CheckResult::Outcome;

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

// "adwin" and "adwin:*" both fit adwin:delta=0.01.
bool fits_monitor(const std::string& pattern, const std::string& monitor) {
    return fits_pattern(pattern, monitor) || fits_pattern(pattern, monitor.substr(0, monitor.find(':')));
}

bool fits(const CheckSpec& check, const MonitorResult& monitor) {
    const bool level =
        std::isnan(monitor.level) ? check.levels == "*" : LevelChoice(check.levels).takes(monitor.level, monitor.label);
    return level && fits_monitor(check.monitor, monitor.monitor) && fits_pattern(check.model, monitor.model) &&
           fits_pattern(check.shift, monitor.shift);
}

double value_of(const std::string& metric, const MonitorResult& monitor) {
    const auto delay = [&](double value) { return monitor.alarm ? value : HUGE_VAL; };
    if (metric == "alarm") return monitor.alarm ? 1.0 : 0.0;
    if (metric == "delay_samples") return delay(monitor.delay_samples);
    if (metric == "delay_days") return delay(monitor.delay_days);
    if (metric == "false_alarms_per_1000") return monitor.false_alarms_per_1000;
    return monitor.harm;
}

CheckResult judged(const CheckSpec& check, const MonitorResult& monitor, const char* kind, double limit) {
    CheckResult result;
    const bool upper = std::string(kind) == "max";
    result.check = check.text;
    result.name = monitor.model + "/" + monitor.shift + (monitor.label.empty() ? "" : "/" + monitor.label) + " " +
                  monitor.monitor + (monitor.on.empty() ? "" : " on " + monitor.on) + " " + check.metric +
                  (upper ? " <= " : " >= ") + short_number(limit);
    result.model = monitor.model;
    result.shift = monitor.shift;
    result.label = monitor.label;
    result.metric = check.metric;
    result.limit_kind = kind;
    result.limit = limit;
    result.on_breach = check.on_breach;
    result.on_inconclusive = check.on_inconclusive;
    result.n = monitor.changed;
    if (check.on_breach == CheckLevel::off) {
        result.outcome = Outcome::skipped;
        result.message = "switched off";
        return result;
    }
    result.value = value_of(check.metric, monitor);
    if (monitor.status != Status::ok || std::isnan(result.value)) {
        result.message = monitor.message.empty() ? "there is no " + check.metric + " of this stream" : monitor.message;
        return result;
    }
    const bool breached = upper ? result.value > limit : result.value < limit;
    result.outcome = breached ? Outcome::breached : Outcome::holds;
    result.message = std::isinf(result.value) ? "it never raised an alarm" : short_number(result.value);
    if (breached) result.message += std::string(upper ? ", above " : ", below ") + short_number(limit);
    return result;
}

[[noreturn]] void matches_nothing(const CheckSpec& check, const std::vector<std::string>& known) {
    if (known.empty())
        throw ScenarioError("A check is about the monitor `" + check.monitor +
                            "`, and the run has no monitors. Name some under `monitors:`.");
    throw ScenarioError("A check of " + check.metric + " matches nothing: no stream of the monitor `" + check.monitor +
                        "`, model `" + check.model + "`, shift `" + check.shift + "`, levels `" + check.levels + "`." +
                        did_you_mean(check.monitor, known) +
                        " A check that matches nothing is an error, because it would never fail.");
}

}  // namespace

std::vector<CheckResult> monitor_results(const std::vector<CheckSpec>& checks,
                                         const std::vector<MonitorResult>& monitors) {
    std::vector<CheckResult> results;
    std::vector<std::string> known;
    for (const MonitorResult& monitor : monitors) {
        if (std::find(known.begin(), known.end(), monitor.monitor) == known.end()) known.push_back(monitor.monitor);
    }
    for (const CheckSpec& check : checks) {
        if (check.monitor.empty()) continue;
        const std::size_t before = results.size();
        for (const MonitorResult& monitor : monitors) {
            if (!fits(check, monitor)) continue;
            if (check.min) results.push_back(judged(check, monitor, "min", *check.min));
            if (check.max) results.push_back(judged(check, monitor, "max", *check.max));
        }
        if (results.size() == before) matches_nothing(check, known);
    }
    return results;
}

void require_monitors(const std::vector<CheckSpec>& checks, const RunRecord& record) {
    std::vector<std::string> known;
    for (const MonitorUse& use : record.monitors) known.push_back(use.monitor);
    for (const CheckSpec& check : checks) {
        if (check.monitor.empty()) continue;
        const bool any = std::any_of(known.begin(), known.end(),
                                     [&](const std::string& name) { return fits_monitor(check.monitor, name); });
        if (!any) matches_nothing(check, known);
    }
}

}  // namespace misfire
