// Parameters that several monitors have.
#pragma once

#include <limits>
#include <string>

#include "core/monitor.h"

namespace misfire::monitors {

inline MonitorParameter number(std::string name, std::string meaning, std::string default_value, double low,
                               double high = std::numeric_limits<double>::infinity()) {
    MonitorParameter parameter;
    parameter.name = std::move(name);
    parameter.meaning = std::move(meaning);
    parameter.default_value = std::move(default_value);
    parameter.low = low;
    parameter.high = high;
    return parameter;
}

// A number strictly between low and high.
inline MonitorParameter between(std::string name, std::string meaning, std::string default_value, double low,
                                double high = std::numeric_limits<double>::infinity()) {
    MonitorParameter parameter = number(std::move(name), std::move(meaning), std::move(default_value), low, high);
    parameter.open = true;
    return parameter;
}

inline MonitorParameter whole(std::string name, std::string meaning, std::string default_value, double low,
                              double high = 1e9) {
    MonitorParameter parameter = number(std::move(name), std::move(meaning), std::move(default_value), low, high);
    parameter.whole = true;
    return parameter;
}

inline MonitorParameter word(std::string name, std::string meaning, std::string default_value,
                             std::vector<std::string> choices) {
    MonitorParameter parameter;
    parameter.name = std::move(name);
    parameter.meaning = std::move(meaning);
    parameter.default_value = std::move(default_value);
    parameter.choices = std::move(choices);
    return parameter;
}

inline MonitorParameter only_with(std::string other, MonitorParameter parameter) {
    parameter.belongs_to = std::move(other);
    return parameter;
}

inline MonitorParameter seed_parameter(const std::string& of_what) {
    return whole("seed", "seed of " + of_what, "0", 0, 9007199254740992.0);
}

inline MonitorParameter mode_parameter(std::string default_value = "both",
                                       std::vector<std::string> choices = {"up", "down", "both"}) {
    return word("mode", "changes that alarm: up (the values grow), down, both", std::move(default_value),
                std::move(choices));
}

}  // namespace misfire::monitors
