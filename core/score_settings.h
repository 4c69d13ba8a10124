// From the options of a score as people write them to checked settings.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/score.h"

namespace misfire {

// "a whole number from 1", "a number above 0", "b|s|p".
inline std::string range_text(const ScoreOption& option) {
    std::string text;
    for (const std::string& choice : option.choices) text += (text.empty() ? "" : "|") + choice;
    if (!text.empty()) return text;
    const auto number = [](double value) {
        char digits[40];
        std::snprintf(digits, sizeof digits, "%.10g", value);
        return std::string(digits);
    };
    text = option.whole ? "a whole number" : "a number";
    const bool low = std::isfinite(option.low), high = std::isfinite(option.high);
    if (low && high)
        return text + (option.open ? " between " : " from ") + number(option.low) + (option.open ? " and " : " to ") +
               number(option.high);
    if (low) return text + (option.open ? " above " : " from ") + number(option.low);
    if (high) return text + (option.open ? " below " : " up to ") + number(option.high);
    return text;
}

// Every option with its value, as it would be written.
inline std::map<std::string, std::string> spelled_out(const ScoreSettings& settings) {
    std::map<std::string, std::string> options = settings.words;
    for (const auto& [name, value] : settings.numbers) {
        char digits[32];
        options[name] = std::isnan(value) ? "auto" : std::string(digits, std::to_chars(digits, digits + 32, value).ptr);
    }
    return options;
}

// Throws UsageError naming value, range and default.
inline double read_number(const ScoreInfo& info, const ScoreOption& option, const std::string& text) {
    if (text == "auto" && option.default_value == "auto") return std::numeric_limits<double>::quiet_NaN();
    double value = 0.0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool number = fault == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    const bool inside = number && (option.open ? value > option.low && value < option.high
                                               : value >= option.low && value <= option.high);
    if (inside && (!option.whole || value == std::floor(value))) return value;
    throw UsageError("`" + option.name + ": " + text + "` of the score " + info.name +
                     (number ? " is out of range" : " is no number") + ". Give " + range_text(option) + " (default " +
                     option.default_value + ").");
}

// Every option spelled out. Throws UsageError that names the nearest option or choice, or value and range.
inline ScoreSettings score_settings(const ScoreInfo& info, const std::map<std::string, std::string>& given) {
    std::vector<std::string> names;
    for (const ScoreOption& option : info.options) names.push_back(option.name);
    for (const auto& [name, value] : given) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        throw UsageError("The score " + info.name + " has no option `" + name + "`." +
                         (names.empty() ? " It takes none." : did_you_mean(name, names)));
    }
    ScoreSettings settings;
    for (const ScoreOption& option : info.options) {
        const auto found = given.find(option.name);
        const std::string& text = found == given.end() ? option.default_value : found->second;
        if (option.choices.empty()) {
            settings.numbers[option.name] = read_number(info, option, text);
        } else if (std::find(option.choices.begin(), option.choices.end(), text) != option.choices.end()) {
            settings.words[option.name] = text;
        } else {
            throw UsageError("`" + option.name + ": " + text + "` of the score " + info.name + " is not one of " +
                             range_text(option) + "." + did_you_mean(text, option.choices));
        }
    }
    return settings;
}

}  // namespace misfire
