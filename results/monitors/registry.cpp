#include "results/monitors/registry.h"

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace monitors {
#define MISFIRE_MONITOR(name) const MonitorEntry& name();
#include "results/monitors/monitors.def"
#undef MISFIRE_MONITOR
}  // namespace monitors

const std::vector<const MonitorEntry*>& all_monitors() {
    static const std::vector<const MonitorEntry*> all{
#define MISFIRE_MONITOR(name) &monitors::name(),
#include "results/monitors/monitors.def"
#undef MISFIRE_MONITOR
    };
    return all;
}

std::vector<std::string> monitor_names() {
    std::vector<std::string> names;
    for (const MonitorEntry* entry : all_monitors()) names.push_back(entry->info.name);
    return names;
}

const MonitorEntry* find_monitor(std::string_view name) {
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.name == name) return entry;
    }
    return nullptr;
}

const MonitorEntry& monitor_named(std::string_view name) {
    if (const MonitorEntry* entry = find_monitor(name)) return *entry;
    throw UsageError("There is no monitor `" + std::string(name) + "`." + did_you_mean(name, monitor_names()));
}

}  // namespace misfire
