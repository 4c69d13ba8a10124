#include "scenarios/scenario_monitors.h"

#include <algorithm>

#include "core/error.h"

namespace misfire {

namespace {

// {adwin: {delta: 0.002, reset: none}} as `adwin:delta=0.002:reset=none`.
std::string with_parameters(const std::string& name, const YamlReader& parameters) {
    std::string text = name;
    if (!parameters.is_map()) parameters.fail("parameters are expected, such as {delta: 0.002}.");
    for (const std::string& key : parameters.keys()) text += ":" + key + "=" + parameters.at(key).text();
    return text;
}

std::string monitor_of(const YamlReader& node) {
    if (node.has("monitor")) return node.at("monitor").text();
    std::vector<std::string> names = node.keys();
    std::erase_if(names, [](const std::string& key) { return key == "on" || key == "window"; });
    if (names.size() != 1) {
        node.fail(
            "one monitor is expected beside `on` and `window`, such as {adwin: {delta: 0.002}, on: error}; here " +
            std::string(names.empty() ? "is none." : "are `" + names[0] + "` and `" + names[1] + "`."));
    }
    if (node.node()[names.front()].IsNull()) return names.front();
    return with_parameters(names.front(), node.at(names.front()));
}

// The reader's own words for the place of a node.
std::string place_of(const YamlReader& node) {
    try {
        node.fail("");
    } catch (const ScenarioError& error) {
        std::string text = error.what();
        while (!text.empty() && (text.back() == ' ' || text.back() == ':')) text.pop_back();
        return text;
    }
}

}  // namespace

void read_monitors(const YamlReader& root, Scenario& scenario) {
    if (root.has("monitors")) {
        for (const YamlReader& item : root.at("monitors").items()) {
            MonitorSpec spec;
            spec.where = place_of(item);
            if (item.is_scalar()) {
                spec.monitor = item.text();
            } else {
                spec.monitor = monitor_of(item);
                if (item.has("on")) spec.on = item.at("on").text();
                if (item.has("window")) spec.window = static_cast<std::size_t>(item.at("window").integer(1, 1 << 20));
            }
            scenario.monitors.push_back(std::move(spec));
        }
    }
    if (!root.has("monitor_trials")) return;
    scenario.monitor_trials = static_cast<std::size_t>(root.at("monitor_trials").integer(0, 10000));
    if (scenario.monitors.empty()) root.at("monitor_trials").fail("has an effect with `monitors` only. Name some.");
}

}  // namespace misfire
