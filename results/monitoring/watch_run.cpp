#include "results/monitoring/watch_run.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

#include "core/error.h"
#include "core/random.h"
#include "results/monitoring/watch_stream.h"
#include "results/monitors/registry.h"
#include "results/monitors/settings.h"
#include "results/statistics.h"

namespace misfire {

namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();
constexpr double seconds_per_day = 86400.0;
// A season of days stays together when a series is drawn again: its errors hang together within weeks.
constexpr std::size_t series_run = 28;

// What is known of a stream before any monitor looks at it.
struct StreamOrigin {
    std::size_t model = 0;
    std::string shift;
    double level = nan_double;
    std::string label;
    std::string unavailable;  // why there is no stream
    MonitoredStream stream;
};

class RunWatch {
  public:
    RunWatch(RunResults& results, const RunRecord& record, const std::vector<Cell>& cells,
             const OutcomesOf& outcomes_of)
        : results_(results), record_(record), cells_(cells), outcomes_of_(outcomes_of) {
        for (const MonitorUse& use : record.monitors) specifications_.push_back(parse_monitor(use.monitor));
    }

    void run(int threads) {
        tbb::task_arena arena(std::max(threads, 1));
        arena.execute([&] {
            for (std::size_t m = 0; m < record_.models.size(); ++m) watch_model(m);
        });
    }

  private:
    bool is_estimate(std::size_t use) const { return specifications_[use].entry->info.kind == MonitorKind::estimate; }

    // Null where the cell has none.
    const Outcomes* outcomes(std::size_t c) {
        const CellResult& result = results_.cells[c];
        if (result.status != Status::ok || result.n == 0) return nullptr;
        const auto [found, fresh] = loaded_.try_emplace(c);
        if (fresh) found->second = outcomes_of_(cells_[c]);
        return &found->second;
    }

    std::string why_none(std::size_t c) const {
        return results_.cells[c].cell + " has no outcomes: " +
               (results_.cells[c].message.empty() ? name_of(results_.cells[c].status) : results_.cells[c].message);
    }

    void watch_model(std::size_t m) {
        loaded_.clear();
        std::optional<std::size_t> clean;
        for (std::size_t c = 0; c < cells_.size(); ++c) {
            if (cells_[c].model == m && cells_[c].shift == clean_shift) clean = c;
        }
        std::optional<std::size_t> usual = clean;  // a run without clean cells: the first reference period
        for (std::size_t c = 0; c < cells_.size() && !usual; ++c) {
            if (cells_[c].model == m && cells_[c].reference) usual = c;
        }
        for (std::size_t s = 0; s < record_.shifts.size(); ++s) {
            std::vector<StreamOrigin> origins;
            if (record_.shifts[s].kind == "calendar")
                origins.push_back(through_time(m, s));
            else
                origins = at_levels(m, s, clean);
            watch_all(origins);
            for (auto entry = loaded_.begin(); entry != loaded_.end();)
                entry = clean && entry->first == *clean ? std::next(entry) : loaded_.erase(entry);
        }
        if (record_.monitor_trials > 0) try_clean(m, usual);
    }

    bool regression(std::size_t m) const { return record_.models[m].output == OutputKind::regression; }

    std::vector<StreamOrigin> at_levels(std::size_t m, std::size_t s, std::optional<std::size_t> clean) {
        const ShiftInfo& shift = record_.shifts[s];
        std::vector<StreamOrigin> origins;
        for (const std::size_t c : curve_cells(record_, cells_, m, s)) {
            StreamOrigin origin{m, shift.name, cells_[c].level, cells_[c].label, "", {}};
            const Outcomes* usual = clean ? outcomes(*clean) : nullptr;
            const Outcomes* level = outcomes(c);
            if (!shift.reference_is_clean || !clean)
                origin.unavailable = "its levels do not start from the clean data";
            else if (usual == nullptr || level == nullptr)
                origin.unavailable = why_none(usual == nullptr ? *clean : c);
            else
                origin.stream = stream_at_level(record_, shift, *usual, *level, regression(m));
            origins.push_back(std::move(origin));
        }
        return origins;
    }

    StreamOrigin through_time(std::size_t m, std::size_t s) {
        const ShiftInfo& shift = record_.shifts[s];
        StreamOrigin origin{m, shift.name, nan_double, "", "", {}};
        const Outcomes* reference = nullptr;
        std::vector<const Outcomes*> levels;
        for (const std::size_t c : curve_cells(record_, cells_, m, s)) {
            if (cells_[c].shift == clean_shift) continue;
            const Outcomes* here = outcomes(c);
            if (here == nullptr && origin.unavailable.empty()) origin.unavailable = why_none(c);
            if (here == nullptr) continue;
            if (cells_[c].reference)
                reference = here;
            else
                levels.push_back(here);
        }
        if (reference == nullptr) {
            if (origin.unavailable.empty()) origin.unavailable = "the reference period has no outcomes";
            return origin;
        }
        origin.unavailable.clear();
        origin.stream = stream_through_time(record_, shift, *reference, levels, regression(m));
        return origin;
    }

    void watch_all(const std::vector<StreamOrigin>& origins) {
        const std::size_t uses = record_.monitors.size();
        std::vector<MonitorResult> monitors(origins.size() * uses);
        std::vector<AccuracyEstimate> estimates(origins.size() * uses);
        tbb::parallel_for(std::size_t{0}, monitors.size(), [&](std::size_t i) {
            const StreamOrigin& origin = origins[i / uses];
            if (is_estimate(i % uses))
                estimates[i] = estimate(origin, i % uses);
            else
                monitors[i] = watch(origin, i % uses);
        });
        for (std::size_t i = 0; i < monitors.size(); ++i) {
            if (!is_estimate(i % uses))
                results_.monitors.push_back(std::move(monitors[i]));
            else
                results_.accuracy_estimates.push_back(std::move(estimates[i]));
        }
    }

    MonitorResult watch(const StreamOrigin& origin, std::size_t u) const {
        const MonitorUse& use = record_.monitors[u];
        MonitorResult result;
        result.model = record_.models[origin.model].name;
        result.shift = origin.shift;
        result.level = origin.level;
        result.label = origin.label;
        result.monitor = use.monitor;
        result.kind = name_of(specifications_[u].entry->info.kind);
        result.on = use.on;
        result.message = origin.unavailable;
        if (!origin.unavailable.empty()) {
            result.status = Status::skipped;
            return result;
        }
        try {
            require_changed_samples(use, origin.stream);
            fill(result, origin.stream,
                 watch_stream(specifications_[u], use, origin.stream, record_, record_.models[origin.model]));
        } catch (const Error& error) {
            result.message = error.what();
        }
        return result;
    }

    void fill(MonitorResult& result, const MonitoredStream& stream, const StreamAlarms& alarms) const {
        result.status = Status::ok;
        result.message = alarms.remark;
        result.clean = static_cast<std::int64_t>(alarms.clean);
        result.false_alarms = static_cast<std::int64_t>(alarms.false_alarms);
        if (alarms.clean > 0)
            result.false_alarms_per_1000 =
                1000.0 * static_cast<double>(alarms.false_alarms) / static_cast<double>(alarms.clean);
        const std::size_t change = stream.change.value_or(0);
        result.changed = static_cast<std::int64_t>(stream.stream.size() - change);
        const auto from = [change](const std::vector<std::size_t>& places) {
            return std::lower_bound(places.begin(), places.end(), change);
        };
        const auto warning = from(alarms.warnings);
        result.warned = warning != alarms.warnings.end();
        const auto alarm = from(alarms.alarms);
        result.alarm = alarm != alarms.alarms.end();
        if (result.alarm) result.alarm_id = record_.sample_ids[stream.stream[*alarm].row];
        if (!stream.change) return;
        if (result.warned) result.warning_delay_samples = static_cast<double>(*warning - change);
        if (result.alarm) {
            result.delay_samples = static_cast<double>(*alarm - change);
            if (!stream.seconds.empty())
                result.delay_days =
                    static_cast<double>(stream.seconds[*alarm] - stream.seconds[change]) / seconds_per_day;
        }
        result.harm = 0.0;
        const bool numbers = stream.stream.front().outcomes->kept.contains(value_column);
        for (std::size_t i = change; i <= (result.alarm ? *alarm : stream.stream.size() - 1); ++i) {
            const double excess = error_of(stream.stream[i], numbers) - stream.usual_error[i];
            if (std::isfinite(excess)) result.harm += excess;
        }
    }

    AccuracyEstimate estimate(const StreamOrigin& origin, std::size_t u) const {
        AccuracyEstimate result;
        result.model = record_.models[origin.model].name;
        result.shift = origin.shift;
        result.level = origin.level;
        result.label = origin.label;
        result.monitor = record_.monitors[u].monitor;
        result.message = origin.unavailable;
        if (!origin.unavailable.empty()) {
            result.status = Status::skipped;
            return result;
        }
        try {
            fill(result, origin, specifications_[u]);
        } catch (const Error& error) {
            result.message = error.what();
        }
        return result;
    }

    void fill(AccuracyEstimate& result, const StreamOrigin& origin, const MonitorSpecification& specification) const {
        const ModelInfo& model = record_.models[origin.model];
        const MonitoredStream& stream = origin.stream;
        const auto first = stream.stream.begin() + static_cast<std::ptrdiff_t>(stream.change.value_or(0));
        const std::vector<StreamEntry> now(first, stream.stream.end());
        const StreamRows before =
            rows_of_stream(stream.reference, "output", MonitorInput::probabilities, record_, model);
        const StreamRows after = rows_of_stream(now, "output", MonitorInput::probabilities, record_, model);
        std::vector<std::int32_t> labels;
        for (const std::size_t i : before.taken)
            labels.push_back(stream.reference[i].outcomes->target[stream.reference[i].row]);
        const auto estimator = specification.entry->make_estimator(specification.settings);
        estimator->fit({before.values, before.rows, before.columns}, labels);
        const EstimatedAccuracy value = estimator->estimate({after.values, after.rows, after.columns});
        result.estimate = value.value;
        result.low = value.low;
        result.high = value.high;
        result.n = static_cast<std::int64_t>(after.rows);
        double right = 0.0;
        for (const std::size_t i : after.taken) right += now[i].outcomes->correct(now[i].row) ? 1.0 : 0.0;
        result.measured = right / static_cast<double>(after.rows);
        result.gap = result.estimate - result.measured;
        result.status = Status::ok;
    }

    // The clean outcomes again and again, so that every alarm is a false one: drawn one by one, as guarantees suppose,
    // and of a series in runs, as it is.
    void try_clean(std::size_t m, std::optional<std::size_t> clean) {
        const Outcomes* usual = clean ? outcomes(*clean) : nullptr;
        std::vector<std::size_t> runs = {1};
        if (!record_.times.empty()) runs.push_back(series_run);
        for (std::size_t u = 0; u < record_.monitors.size(); ++u) {
            if (is_estimate(u)) continue;
            for (const std::size_t run : runs) {
                MonitorTrial trial;
                trial.model = record_.models[m].name;
                trial.monitor = record_.monitors[u].monitor;
                trial.on = record_.monitors[u].on;
                trial.run = static_cast<std::int64_t>(run);
                if (usual == nullptr) {
                    trial.status = Status::skipped;
                    trial.message = clean ? why_none(*clean) : "the run has no clean cell";
                } else {
                    try_clean(trial, m, u, *usual);
                }
                results_.monitor_trials.push_back(std::move(trial));
            }
        }
    }

    void try_clean(MonitorTrial& trial, std::size_t m, std::size_t u, const Outcomes& usual) const {
        std::vector<StreamAlarms> alarms(record_.monitor_trials);
        std::vector<std::uint32_t> rows = stream_order(record_);
        std::erase_if(rows, [&](std::uint32_t row) { return !usual.counts(row); });
        std::mutex mutex;
        tbb::parallel_for(std::size_t{0}, alarms.size(), [&](std::size_t t) {
            try {
                alarms[t] = watch_stream(specifications_[u], record_.monitors[u],
                                         resample(m, u, t, trial.run, usual, rows), record_, record_.models[m]);
            } catch (const Error& error) {
                const std::scoped_lock lock(mutex);
                trial.message = error.what();
            }
        });
        if (!trial.message.empty()) return;
        std::size_t watched = 0, false_alarms = 0;
        for (const StreamAlarms& alarm : alarms) {
            trial.with_alarm += alarm.false_alarms > 0 ? 1 : 0;
            watched += alarm.clean;
            false_alarms += alarm.false_alarms;
        }
        trial.status = Status::ok;
        trial.trials = static_cast<std::int64_t>(alarms.size());
        trial.samples = static_cast<std::int64_t>(watched / alarms.size());
        const Bounds bounds = wilson_interval(trial.with_alarm, trial.trials);
        trial.share = static_cast<double>(trial.with_alarm) / static_cast<double>(trial.trials);
        trial.low = bounds.low;
        trial.high = bounds.high;
        if (watched > 0)
            trial.false_alarms_per_1000 = 1000.0 * static_cast<double>(false_alarms) / static_cast<double>(watched);
    }

    // Rows drawn with replacement in runs of `together`, around the end. A stream as long as
    // the clean data, whose first half is the reference; its last sample stands for the change that never comes.
    MonitoredStream resample(std::size_t m, std::size_t u, std::size_t trial, std::int64_t together,
                             const Outcomes& usual, const std::vector<std::uint32_t>& rows) const {
        const std::size_t run = std::min(static_cast<std::size_t>(together), rows.size());
        const Random random(KeyHash()
                                .add("misfire monitor trial")
                                .add(record_.seed)
                                .add(record_.models[m].name)
                                .add(record_.monitors[u].monitor)
                                .add(record_.monitors[u].on)
                                .add(static_cast<std::uint64_t>(together))
                                .add(static_cast<std::uint64_t>(trial))
                                .value());
        std::vector<float> draws((rows.size() + run - 1) / run);
        random.uniform(draws, 0);
        MonitoredStream out;
        const bool numbers = regression(m);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto start =
                static_cast<std::size_t>(static_cast<double>(draws[i / run]) * static_cast<double>(rows.size()));
            const StreamEntry entry{&usual, rows[(start + i % run) % rows.size()]};
            if (i < rows.size() / 2) {
                out.reference.push_back(entry);
                continue;
            }
            out.stream.push_back(entry);
            out.usual_error.push_back(error_of(entry, numbers));
        }
        out.change = out.stream.size();
        return out;
    }

    RunResults& results_;
    const RunRecord& record_;
    const std::vector<Cell>& cells_;
    const OutcomesOf& outcomes_of_;
    std::vector<MonitorSpecification> specifications_;
    std::map<std::size_t, Outcomes> loaded_;
};

}  // namespace

void watch_run(RunResults& results, const RunRecord& record, const std::vector<Cell>& cells,
               const OutcomesOf& outcomes_of, int threads) {
    if (record.monitors.empty()) return;
    RunWatch(results, record, cells, outcomes_of).run(threads);
}

}  // namespace misfire
