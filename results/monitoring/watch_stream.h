// One monitor over one stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/monitoring/monitored_stream.h"
#include "results/monitors/settings.h"

namespace misfire {

// Places count in MonitoredStream::stream.
struct StreamAlarms {
    std::vector<std::size_t> warnings;
    std::vector<std::size_t> alarms;
    // Samples of the reference and of the stream before the change (or all, where it is not known) that were watched,
    // and alarms among them.
    std::size_t clean = 0;
    std::size_t false_alarms = 0;
    std::string remark;  // rows left out, and the like; "" for none
};

// Throws DataError where nothing, or less than a window, follows the change.
void require_changed_samples(const MonitorUse& use, const MonitoredStream& stream);

// Streaming monitors that take a reference are fitted on it; the others see it as the beginning of the stream, where an
// alarm is a false one. Batch monitors compare windows of use.window rows with it, which meet at the change; an alarm
// is at the last row of its window. Throws DataError and UsageError of the monitor, DataError where reference or stream
// are too short.
StreamAlarms watch_stream(const MonitorSpecification& specification, const MonitorUse& use,
                          const MonitoredStream& stream, const RunRecord& record, const ModelInfo& model);

}  // namespace misfire
