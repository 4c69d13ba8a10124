// All monitors. Adding one: a file in this folder, a line in monitors.def, a test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/monitor.h"

namespace misfire {

// In alphabetical order of their names; they live as long as the program.
const std::vector<const MonitorEntry*>& all_monitors();
std::vector<std::string> monitor_names();

// nullptr when there is none of that name.
const MonitorEntry* find_monitor(std::string_view name);

// Throws UsageError naming the nearest monitor when there is none of that name.
const MonitorEntry& monitor_named(std::string_view name);

}  // namespace misfire
