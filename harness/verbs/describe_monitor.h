// What `misfire describe` says of a monitor.
#pragma once

#include "core/monitor.h"

namespace misfire {

void describe_monitor(const MonitorInfo& info, bool json);

}  // namespace misfire
