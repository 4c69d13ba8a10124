#include "results/monitors/settings.h"

#include <charconv>
#include <cstdio>

#include "core/error.h"
#include "core/nearest_name.h"
#include "results/monitors/registry.h"

namespace misfire {

namespace {

std::string number_text(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.10g", value);
    return text;
}

std::string quoted(const MonitorInfo& info, const std::string& key, const std::string& value) {
    return "`" + key + "=" + value + "` of monitor " + info.name;
}

const MonitorParameter& find_parameter(const MonitorInfo& info, const std::string& name) {
    std::vector<std::string> names;
    for (const MonitorParameter& parameter : info.parameters) {
        if (parameter.name == name) return parameter;
        names.push_back(parameter.name);
    }
    throw UsageError("Monitor " + info.name + " has no parameter `" + name + "`." + did_you_mean(name, names));
}

double read_number(const MonitorInfo& info, const MonitorParameter& parameter, const std::string& text) {
    if (text == "auto" && parameter.default_value == "auto") return std::numeric_limits<double>::quiet_NaN();
    double value = 0.0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
        throw UsageError(quoted(info, parameter.name, text) + " is no number. Give " + range_text(parameter) +
                         " (default " + parameter.default_value + ").");
    }
    const bool below = parameter.open ? value <= parameter.low : value < parameter.low;
    const bool above = parameter.open ? value >= parameter.high : value > parameter.high;
    if (below || above || (parameter.whole && value != std::floor(value))) {
        throw UsageError(quoted(info, parameter.name, text) + " is out of range. Give " + range_text(parameter) +
                         " (default " + parameter.default_value + ").");
    }
    return value;
}

const std::string& read_word(const MonitorInfo& info, const MonitorParameter& parameter, const std::string& text) {
    for (const std::string& choice : parameter.choices) {
        if (choice == text) return choice;
    }
    throw UsageError(quoted(info, parameter.name, text) + " is not one of " + range_text(parameter) + "." +
                     did_you_mean(text, parameter.choices));
}

// A parameter of one form says nothing about another: better an error than a setting without effect.
void require_that_it_applies(const MonitorInfo& info, const MonitorParameter& parameter,
                             const MonitorSettings& settings) {
    if (parameter.belongs_to.empty()) return;
    const std::size_t equals = parameter.belongs_to.find('=');
    const std::string& value = settings.word(parameter.belongs_to.substr(0, equals));
    std::string wanted = parameter.belongs_to.substr(equals + 1) + "|";
    if (("|" + wanted).find("|" + value + "|") != std::string::npos) return;
    wanted.pop_back();
    throw UsageError("The parameter `" + parameter.name + "` of monitor " + info.name + " has an effect with " +
                     parameter.belongs_to + " only, and here it is " + value + ". Leave it out, or change that.");
}

}  // namespace

std::string range_text(const MonitorParameter& parameter) {
    if (!parameter.choices.empty()) {
        std::string text;
        for (const std::string& choice : parameter.choices) text += (text.empty() ? "" : "|") + choice;
        return text;
    }
    const std::string what = parameter.whole ? "a whole number" : "a number";
    const bool has_low = std::isfinite(parameter.low);
    const bool has_high = std::isfinite(parameter.high);
    if (has_low && has_high)
        return what + (parameter.open ? " between " : " from ") + number_text(parameter.low) +
               (parameter.open ? " and " : " to ") + number_text(parameter.high);
    if (has_low) return what + (parameter.open ? " above " : " from ") + number_text(parameter.low);
    if (has_high) return what + (parameter.open ? " below " : " up to ") + number_text(parameter.high);
    return what;
}

MonitorSettings monitor_settings(const MonitorInfo& info, const MonitorOptions& options) {
    MonitorSettings settings;
    for (const auto& [name, value] : options) static_cast<void>(find_parameter(info, name));
    for (const MonitorParameter& parameter : info.parameters) {
        const auto given = options.find(parameter.name);
        const std::string& text = given == options.end() ? parameter.default_value : given->second;
        if (parameter.choices.empty())
            settings.numbers[parameter.name] = read_number(info, parameter, text);
        else
            settings.words[parameter.name] = read_word(info, parameter, text);
    }
    for (const auto& [name, value] : options) require_that_it_applies(info, find_parameter(info, name), settings);
    return settings;
}

void require_order(const MonitorInfo& info, const MonitorSettings& settings, const std::string& a, const std::string& b,
                   bool strict) {
    const double low = settings.number(a);
    const double high = settings.number(b);
    if (strict ? low < high : low <= high) return;
    throw UsageError("Monitor " + info.name + ": `" + a + "=" + number_text(low) + "` must be " +
                     (strict ? "less than `" : "at most `") + b + "=" + number_text(high) + "`. Change one of them.");
}

MonitorSpecification parse_monitor(std::string_view text) {
    MonitorSpecification specification;
    specification.text = std::string(text);
    std::string rest = specification.text;
    const auto take = [&rest] {
        const std::size_t colon = rest.find(':');
        std::string part = rest.substr(0, colon);
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
        return part;
    };
    if (text.empty() || text.back() == ':')
        throw UsageError("The monitor `" + specification.text +
                         "` ends where a name or a parameter should be. Write name:key=value:key=value.");
    specification.entry = &monitor_named(take());
    const MonitorInfo& info = specification.entry->info;
    while (!rest.empty()) {
        const std::string part = take();
        const std::size_t equals = part.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
            throw UsageError("`" + part + "` in the monitor `" + specification.text +
                             "` is no setting. Write name:key=value:key=value.");
        if (!specification.options.emplace(part.substr(0, equals), part.substr(equals + 1)).second)
            throw UsageError("The monitor `" + specification.text + "` gives `" + part.substr(0, equals) +
                             "` twice. Leave one out.");
    }
    specification.settings = monitor_settings(info, specification.options);
    return specification;
}

}  // namespace misfire
