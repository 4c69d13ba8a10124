#include "results/monitoring/watch_stream.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace misfire {

namespace {

std::string left_out(std::size_t rows) {
    return rows == 0 ? "" : std::to_string(rows) + " samples without a finite number were left out";
}

class StreamingWatch {
  public:
    StreamingWatch(const MonitorSpecification& specification, const MonitorUse& use, const MonitoredStream& stream,
                   const RunRecord& record, bool regression)
        : stream_(stream),
          info_(specification.entry->info),
          reading_(stream.reference, use.on, record, regression),
          monitor_(specification.entry->make_stream(specification.settings)) {}

    StreamAlarms run() {
        if (info_.reference != MonitorReference::none)
            fit();
        else
            for (const StreamEntry& entry : stream_.reference) {
                const Signal signal = feed(entry);
                ++out_.clean;
                out_.false_alarms += signal == Signal::alarm ? 1 : 0;
            }
        for (std::size_t i = 0; i < stream_.stream.size(); ++i) {
            const bool clean = !stream_.change || i < *stream_.change;
            const Signal signal = feed(stream_.stream[i]);
            if (clean && stream_.change) {
                ++out_.clean;
                out_.false_alarms += signal == Signal::alarm ? 1 : 0;
            }
            if (signal == Signal::alarm) out_.alarms.push_back(i);
            if (signal == Signal::warning) out_.warnings.push_back(i);
        }
        out_.remark = left_out(without_number_);
        return std::move(out_);
    }

  private:
    void fit() {
        std::vector<double> values;
        for (const StreamEntry& entry : stream_.reference) {
            const double value = reading_.value(entry, info_.input);
            if (std::isfinite(value)) values.push_back(value);
        }
        monitor_->fit(values);
    }

    Signal feed(const StreamEntry& entry) {
        const double value = reading_.value(entry, info_.input);
        if (std::isfinite(value)) return monitor_->update(value);
        ++without_number_;
        return Signal::none;
    }

    const MonitoredStream& stream_;
    const MonitorInfo& info_;
    StreamReading reading_;
    std::unique_ptr<StreamMonitor> monitor_;
    StreamAlarms out_;
    std::size_t without_number_ = 0;
};

// Begins of windows: they meet at the change and lie within the stream.
std::vector<std::size_t> window_begins(std::size_t size, std::optional<std::size_t> change, std::size_t window) {
    std::vector<std::size_t> begins;
    for (std::size_t begin = change.value_or(0) % window; begin + window <= size; begin += window)
        begins.push_back(begin);
    return begins;
}

MonitorRows view(const StreamRows& rows) { return {rows.values, rows.rows, rows.columns}; }

StreamAlarms watch_windows(const MonitorSpecification& specification, const MonitorUse& use,
                           const MonitoredStream& stream, const RunRecord& record, const ModelInfo& model) {
    const MonitorInput input = specification.entry->info.input;
    const std::vector<std::size_t> begins = window_begins(stream.stream.size(), stream.change, use.window);
    const std::size_t change = stream.change.value_or(0);
    if (begins.empty()) {
        throw DataError("the stream has " + std::to_string(stream.stream.size()) +
                        " samples, fewer than the window of " + std::to_string(use.window) +
                        ". Give more samples, or a smaller `window:`.");
    }
    const StreamRows reference = rows_of_stream(stream.reference, use.on, input, record, model);
    const auto monitor = specification.entry->make_batch(specification.settings);
    monitor->fit(view(reference));
    StreamAlarms out;
    std::size_t missing = stream.reference.size() - reference.rows;
    for (const std::size_t begin : begins) {
        const auto first = stream.stream.begin() + static_cast<std::ptrdiff_t>(begin);
        const StreamRows rows =
            rows_of_stream({first, first + static_cast<std::ptrdiff_t>(use.window)}, use.on, input, record, model);
        missing += use.window - rows.rows;
        if (rows.rows < 2) continue;
        const bool alarm = monitor->test(view(rows)).alarm;
        if (alarm) out.alarms.push_back(begin + use.window - 1);
        if (!stream.change || begin >= change) continue;
        out.clean += use.window;
        out.false_alarms += alarm ? 1 : 0;
    }
    out.remark = left_out(missing);
    return out;
}

}  // namespace

void require_changed_samples(const MonitorUse& use, const MonitoredStream& stream) {
    const std::size_t change = stream.change.value_or(0);
    const std::size_t after = stream.stream.size() - std::min(change, stream.stream.size());
    if (after > 0 && after >= use.window) return;
    throw DataError(std::to_string(after) + " samples lie after the change, and the monitor needs " +
                    std::to_string(std::max<std::size_t>(use.window, 1)) +
                    ". Give more samples, an earlier change, or a smaller `window:`.");
}

StreamAlarms watch_stream(const MonitorSpecification& specification, const MonitorUse& use,
                          const MonitoredStream& stream, const RunRecord& record, const ModelInfo& model) {
    if (stream.reference.size() < 2) {
        throw DataError("the reference has " + std::to_string(stream.reference.size()) +
                        " samples: it is the first half of what comes before the change. Give a later change.");
    }
    if (specification.entry->info.kind == MonitorKind::batch)
        return watch_windows(specification, use, stream, record, model);
    return StreamingWatch(specification, use, stream, record, model.output == OutputKind::regression).run();
}

}  // namespace misfire
