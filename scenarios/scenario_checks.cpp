#include "scenarios/scenario_checks.h"

#include <algorithm>

#include "core/error.h"
#include "core/level_choice.h"
#include "core/nearest_name.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

const std::vector<std::string> keys = {"metric",         "monitor", "model",     "shift",
                                       "levels",         "group",   "min",       "max",
                                       "max_regression", "combine", "on_breach", "on_inconclusive"};

std::vector<std::string> metric_names_of(const KnownMetrics& known) {
    std::vector<std::string> names = known.by_default;
    names.insert(names.end(), known.on_request.begin(), known.on_request.end());
    return names;
}

void check_metric(const YamlReader& node, const CheckSpec& check, const KnownMetrics& known_metrics) {
    if (!check.monitor.empty()) {
        node.choice(monitor_metrics());
        return;
    }
    if (check.metric == cost_metric) return;
    std::vector<std::string> known = metric_names_of(known_metrics);
    const auto [base, part] = split_metric(check.metric);
    if (std::find(known.begin(), known.end(), base) != known.end()) return;
    known.emplace_back(cost_metric);
    const std::size_t dot = base.find('.');
    if (dot != std::string::npos && std::find(known.begin(), known.end(), base.substr(0, dot)) != known.end()) {
        node.fail("a curve has no `" + base.substr(dot + 1) + "`." + did_you_mean(base.substr(dot + 1), curve_parts()));
    }
    node.fail("there is no metric `" + base + "`." + did_you_mean(base, known));
}

CheckLevel read_level(const YamlReader& node) {
    const std::string word = node.choice({"error", "warn", "off"});
    return word == "error" ? CheckLevel::error : word == "warn" ? CheckLevel::warn : CheckLevel::off;
}

std::string joined(const YamlReader& node) {
    std::string text;
    for (const std::string& item : node.texts()) text += (text.empty() ? "" : ",") + item;
    return text;
}

void check_limits(const YamlReader& node, const CheckSpec& check) {
    if (!check.min && !check.max && !check.max_regression)
        node.fail("this check has no limit: give `min`, `max` or `max_regression`.");
    if (check.min && check.max && *check.min > *check.max)
        node.fail("min " + level_label(*check.min) + " lies above max " + level_label(*check.max) +
                  ": nothing could hold.");
    if (check.max_regression && !check.monitor.empty())
        node.at("max_regression").fail("monitors have no paired samples: give `min` or `max`.");
}

void check_scope(const YamlReader& node, const CheckSpec& check) {
    const bool whole_curve = !split_metric(check.metric).second.empty();
    if (whole_curve && node.has("levels"))
        node.at("levels").fail("`" + check.metric + "` is of a whole curve and has no levels: leave them out.");
    if (check.combine_mean && !check.monitor.empty())
        node.at("combine").fail("numbers of monitors are not averaged: leave it out.");
    if (check.metric == cost_metric && node.has("group"))
        node.at("group").fail("time is not measured by group: leave it out.");
}

CheckSpec read_check(const YamlReader& node, const KnownMetrics& known_metrics,
                     const std::vector<std::string>& models) {
    node.allow(keys);
    CheckSpec check;
    check.metric = node.at("metric").text();
    if (node.has("monitor")) check.monitor = node.at("monitor").text();
    check_metric(node.at("metric"), check, known_metrics);
    if (node.has("model")) check.model = node.at("model").text();
    if (check.model.find_first_of("*?") == std::string::npos && !models.empty() &&
        std::find(models.begin(), models.end(), check.model) == models.end()) {
        node.at("model").fail("there is no model `" + check.model + "`." + did_you_mean(check.model, models));
    }
    if (node.has("shift")) check.shift = node.at("shift").text();
    if (node.has("levels")) {
        check.levels = joined(node.at("levels"));
        try {
            LevelChoice{check.levels};
        } catch (const ScenarioError& error) {
            node.at("levels").fail(error.what());
        }
    }
    if (node.has("group")) check.group = node.at("group").text();
    if (!check.group.empty() && check.group != "*" && check.group.find('=') == std::string::npos)
        node.at("group").fail("a group is written attribute=value, such as camera=a or class=*.");
    if (node.has("min")) check.min = node.at("min").number();
    if (node.has("max")) check.max = node.at("max").number();
    if (node.has("max_regression")) check.max_regression = node.at("max_regression").number();
    if (node.has("combine")) check.combine_mean = node.at("combine").choice({"mean", "none"}) == "mean";
    if (node.has("on_breach")) check.on_breach = read_level(node.at("on_breach"));
    check.on_inconclusive = check.on_breach;
    if (node.has("on_inconclusive")) check.on_inconclusive = read_level(node.at("on_inconclusive"));
    check_limits(node, check);
    check_scope(node, check);
    check.text = check_text(check);
    return check;
}

}  // namespace

std::vector<CheckSpec> read_checks(const YamlReader& node, const KnownMetrics& known_metrics,
                                   const std::vector<std::string>& models) {
    std::vector<CheckSpec> checks;
    for (const YamlReader& item : node.items()) checks.push_back(read_check(item, known_metrics, models));
    return checks;
}

CheckSpec parse_check(const std::string& text, const KnownMetrics& known_metrics) {
    YAML::Node map(YAML::NodeType::Map);
    std::string key;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t comma = std::min(text.find(',', begin), text.size());
        const std::string part = text.substr(begin, comma - begin);
        const std::size_t equals = part.find('=');
        const std::string word = part.substr(0, std::min(equals, part.size()));
        const bool is_key = equals != std::string::npos && !word.empty() &&
                            word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
        if (is_key) {
            key = word;
            map[key] = part.substr(equals + 1);
        } else if (!key.empty()) {
            map[key] = map[key].as<std::string>() + "," + part;
        } else {
            throw UsageError("`--check " + text + "`: write key=value, such as metric=accuracy,shift=fog,min=0.75.");
        }
        begin = comma + 1;
    }
    try {
        return read_check(YamlReader(map, "--check " + text, ""), known_metrics, {});
    } catch (const ScenarioError& error) {
        throw UsageError(error.what());
    }
}

std::vector<CheckSpec> checks_in(const std::string& scenario_text, const std::string& file,
                                 const KnownMetrics& known_metrics) {
    const YamlReader root = YamlReader::parse(scenario_text, file);
    if (!root.has("checks")) return {};
    return read_checks(root.at("checks"), known_metrics, {});
}

void emit_checks(YAML::Emitter& out, const std::vector<CheckSpec>& checks) {
    out << YAML::BeginSeq;
    for (const CheckSpec& check : checks) {
        out << YAML::Flow << YAML::BeginMap << YAML::Key << "metric" << YAML::Value << check.metric;
        const auto text = [&](const char* key, const std::string& value) {
            if (!value.empty()) out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
        };
        text("monitor", check.monitor);
        text("model", check.model);
        text("shift", check.shift);
        if (check.levels != "*") text("levels", check.levels);
        text("group", check.group);
        const auto number = [&](const char* key, const std::optional<double>& value) {
            if (value) out << YAML::Key << key << YAML::Value << level_label(*value);
        };
        number("min", check.min);
        number("max", check.max);
        number("max_regression", check.max_regression);
        out << YAML::Key << "combine" << YAML::Value << (check.combine_mean ? "mean" : "none") << YAML::Key
            << "on_breach" << YAML::Value << YAML::DoubleQuoted << name_of(check.on_breach) << YAML::Key
            << "on_inconclusive" << YAML::Value << YAML::DoubleQuoted << name_of(check.on_inconclusive) << YAML::EndMap;
    }
    out << YAML::EndSeq;
}

std::string check_text(const CheckSpec& check) {
    std::string text = "metric=" + check.metric;
    const auto add = [&](const char* key, const std::string& value, const char* usual) {
        if (value != usual) text += std::string(",") + key + "=" + value;
    };
    add("monitor", check.monitor, "");
    add("model", check.model, "*");
    add("shift", check.shift, "*");
    add("levels", check.levels, "*");
    add("group", check.group, "");
    if (check.min) text += ",min=" + level_label(*check.min);
    if (check.max) text += ",max=" + level_label(*check.max);
    if (check.max_regression) text += ",max_regression=" + level_label(*check.max_regression);
    if (check.combine_mean) text += ",combine=mean";
    add("on_breach", name_of(check.on_breach), "error");
    add("on_inconclusive", name_of(check.on_inconclusive), name_of(check.on_breach));
    return text;
}

}  // namespace misfire
