// A monitor and its parameters as people write them: `ddm:warning=2:drift=3`.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/monitor.h"

namespace misfire {

using MonitorOptions = std::map<std::string, std::string>;

struct MonitorSpecification {
    const MonitorEntry* entry = nullptr;  // of the registry, lives as long as the program
    MonitorOptions options;               // as given
    MonitorSettings settings;             // complete and checked
    std::string text;                     // as given
};

// Parses `name:key=value:key=value`. Throws UsageError that names the nearest monitor or parameter, or value, limit and
// remedy.
MonitorSpecification parse_monitor(std::string_view text);

// The same for options that are apart already (scenario files).
MonitorSettings monitor_settings(const MonitorInfo& info, const MonitorOptions& options);

// Requires a <= b of two numeric parameters (a < b when strict). Throws UsageError naming both.
void require_order(const MonitorInfo& info, const MonitorSettings& settings, const std::string& a, const std::string& b,
                   bool strict = false);

// "0 to 1", "above 0", "a whole number from 1": the range of a parameter in words; choices joined by |.
std::string range_text(const MonitorParameter& parameter);

}  // namespace misfire
