#include "harness/monitor_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "harness/terminal.h"

namespace misfire {

namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();

double median(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return nan_double;
    std::sort(values.begin(), values.end());
    return 0.5 * (values[(values.size() - 1) / 2] + values[values.size() / 2]);
}

// A stream that starts with the level 0 of a shift shows nothing to notice.
bool shows_a_change(const MonitorResult& result) {
    return result.status == Status::ok && result.changed > 0 && (std::isnan(result.level) || result.level != 0.0);
}

using Key = std::tuple<std::string, std::string, std::string>;  // model, monitor, on

struct Row {
    Key key;
    std::size_t streams = 0, noticed = 0;
    std::vector<double> delays, days, harms;
    std::string first_alarm;
    double false_alarms = 0.0, clean = 0.0;
};

std::vector<Row> rows_of(const std::vector<MonitorResult>& monitors) {
    std::vector<Row> rows;
    for (const MonitorResult& result : monitors) {
        const Key key{result.model, result.monitor, result.on};
        auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.key == key; });
        if (row == rows.end()) {
            row = rows.emplace(rows.end());
            row->key = key;
        }
        if (!shows_a_change(result)) continue;
        ++row->streams;
        row->noticed += result.alarm ? 1 : 0;
        row->delays.push_back(result.delay_samples);
        row->days.push_back(result.delay_days);
        row->harms.push_back(result.harm);
        if (row->first_alarm.empty()) row->first_alarm = result.alarm_id;
        row->false_alarms += static_cast<double>(result.false_alarms);
        row->clean += static_cast<double>(result.clean);
    }
    return rows;
}

std::string share_text(const std::vector<MonitorTrial>& trials, const Key& key, std::int64_t run) {
    for (const MonitorTrial& trial : trials) {
        if (Key{trial.model, trial.monitor, trial.on} != key || trial.run != run) continue;
        if (trial.status != Status::ok) return "-";
        return fixed(100.0 * trial.share, 1) + " % [" + fixed(100.0 * trial.low, 1) + ", " +
               fixed(100.0 * trial.high, 1) + "]";
    }
    return "-";
}

std::vector<std::int64_t> runs_of(const std::vector<MonitorTrial>& trials) {
    std::vector<std::int64_t> runs;
    for (const MonitorTrial& trial : trials) {
        if (std::find(runs.begin(), runs.end(), trial.run) == runs.end()) runs.push_back(trial.run);
    }
    return runs;
}

// Where the change is not known there is no delay, but a first alarm.
std::string delay_text(const Row& row, bool days) {
    const double delay = median(days ? row.days : row.delays);
    return std::isnan(delay) && row.streams == 1 && !row.first_alarm.empty() ? "at " + row.first_alarm
                                                                             : fixed(delay, 0);
}

std::string streams_table(const RunResults& results) {
    const bool days = std::any_of(results.monitors.begin(), results.monitors.end(),
                                  [](const MonitorResult& result) { return !std::isnan(result.delay_days); });
    std::vector<std::string> head = {"monitors",
                                     "on",
                                     "noticed",
                                     days ? "median delay, days" : "median delay, samples",
                                     "excess error until then",
                                     "false alarms per 1,000"};
    const std::vector<std::int64_t> runs = runs_of(results.monitor_trials);
    for (const std::int64_t run : runs)
        head.push_back(run == 1 ? "false alarm in a trial" : "in runs of " + std::to_string(run));
    TextTable table(head);
    std::string model;
    for (const Row& row : rows_of(results.monitors)) {
        const auto& [of_model, monitor, on] = row.key;
        if (of_model != model) table.add({of_model});
        model = of_model;
        std::vector<std::string> cells = {"  " + monitor,
                                          on,
                                          std::to_string(row.noticed) + " of " + std::to_string(row.streams),
                                          delay_text(row, days),
                                          fixed(median(row.harms), 1),
                                          row.clean > 0.0 ? fixed(1000.0 * row.false_alarms / row.clean, 2) : "-"};
        for (const std::int64_t run : runs) cells.push_back(share_text(results.monitor_trials, row.key, run));
        table.add(cells);
    }
    return table.text();
}

std::string estimates_table(const std::vector<AccuracyEstimate>& estimates) {
    TextTable table({"estimates of accuracy (not measured)", "levels", "mean absolute gap", "largest gap", "where"});
    std::vector<std::pair<std::string, std::string>> keys;
    for (const AccuracyEstimate& estimate : estimates) {
        const std::pair key(estimate.model, estimate.monitor);
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
    std::string model;
    for (const auto& [of_model, monitor] : keys) {
        double sum = 0.0;
        std::size_t levels = 0;
        const AccuracyEstimate* worst = nullptr;
        for (const AccuracyEstimate& estimate : estimates) {
            if (estimate.model != of_model || estimate.monitor != monitor || estimate.status != Status::ok) continue;
            ++levels;
            sum += std::abs(estimate.gap);
            if (worst == nullptr || std::abs(estimate.gap) > std::abs(worst->gap)) worst = &estimate;
        }
        if (of_model != model) table.add({of_model});
        model = of_model;
        if (levels == 0)
            table.add({"  " + monitor, "0", "-", "-", "-"});
        else
            table.add({"  " + monitor, std::to_string(levels), fixed(sum / static_cast<double>(levels), 3),
                       (worst->gap > 0.0 ? "+" : "") + fixed(worst->gap, 3), worst->shift + "/" + worst->label});
    }
    return table.text();
}

// Each reason once, with how often it holds.
std::string reasons_of(const RunResults& results) {
    std::vector<std::pair<std::string, std::size_t>> reasons;
    const auto add = [&](Status status, const std::string& monitor, const std::string& message) {
        if (status == Status::ok || message.empty()) return;
        const std::string text = monitor + " saw no stream: " + message;
        const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == text; });
        if (found == reasons.end())
            reasons.emplace_back(text, 1);
        else
            ++found->second;
    };
    for (const MonitorResult& result : results.monitors) add(result.status, result.monitor, result.message);
    for (const AccuracyEstimate& estimate : results.accuracy_estimates)
        add(estimate.status, estimate.monitor, estimate.message);
    for (const MonitorTrial& trial : results.monitor_trials) add(trial.status, trial.monitor, trial.message);
    std::string out;
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(shown, reasons.size()); ++i)
        out += "  " + reasons[i].first +
               (reasons[i].second > 1 ? " (" + std::to_string(reasons[i].second) + " times)" : "") + "\n";
    if (reasons.size() > shown)
        out += "  and " + std::to_string(reasons.size() - shown) + " other reasons, in results.h5\n";
    return out;
}

}  // namespace

std::string monitor_table(const RunResults& results) {
    if (results.monitors.empty() && results.accuracy_estimates.empty()) return "";
    std::string out;
    if (!results.monitors.empty()) out += streams_table(results) + "\n";
    if (!results.accuracy_estimates.empty()) out += estimates_table(results.accuracy_estimates) + "\n";
    const std::string reasons = reasons_of(results);
    return out + (reasons.empty() ? "" : reasons + "\n");
}

}  // namespace misfire
