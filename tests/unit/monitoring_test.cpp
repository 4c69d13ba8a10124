// Monitors over the streams of a run: where the change lies, who notices it, how late and at what harm.
#include <gmock/gmock.h>

#include <cmath>

#include "core/error.h"
#include "results/metrics/registry.h"
#include "results/monitoring/monitor_use.h"
#include "results/monitoring/monitored_stream.h"
#include "results/monitoring/watch_run.h"
#include "results/monitoring/watch_stream.h"
#include "results/store.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A model of two classes, `n` samples, one shift of two levels. Row r stands at place n - 1 - r of the order of ids
// when `days` is set, so that order of time and order of rows differ.
RunRecord two_class_record(std::size_t n, bool days) {
    RunRecord record;
    record.run_id = "run";
    record.scenario = "name: watched\n";
    record.seed = 3;
    record.dataset = "made_up";
    record.models = {test::model_info("net", 2)};
    record.shifts = {test::severity_shift("fog", 2)};
    record.blocks = {{}};
    for (std::size_t i = 0; i < n; ++i) {
        const std::string number = std::to_string(i);
        record.sample_ids.push_back("s" + std::string(6 - number.size(), '0') + number);
        record.targets.push_back(0);
        record.blocks.front().push_back(static_cast<std::uint32_t>(i));
        if (days) record.times.push_back(static_cast<std::int64_t>(n - 1 - i) * 86400);
    }
    record.monitored_inputs = {"brightness"};
    return record;
}

// Answers by the place in the stream: wrong where `wrong(place)`.
template <typename Wrong>
Outcomes answers(const RunRecord& record, Wrong wrong) {
    Outcomes outcomes = uncounted_rows(record.sample_ids.size(), not_run);
    const std::vector<std::uint32_t> order = stream_order(record);
    auto& logits = outcomes.kept["logits"];
    logits.resize(2 * order.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
        const std::uint32_t row = order[place];
        const bool is_wrong = wrong(place);
        outcomes.prediction[row] = is_wrong ? 1 : 0;
        outcomes.target[row] = 0;
        outcomes.target_rank[row] = is_wrong ? 1 : 0;
        // Probability 0.9 of the class that is answered.
        logits[2 * row] = is_wrong ? 0.0F : std::log(9.0F);
        logits[2 * row + 1] = is_wrong ? std::log(9.0F) : 0.0F;
        outcomes.confidence[row] = 0.9F;
    }
    return outcomes;
}

bool seldom(std::size_t place) { return place % 10 == 3; }
bool often(std::size_t place) { return place % 2 == 1; }

RunResults watched(const RunRecord& record, const Outcomes& clean, const Outcomes& level, int threads = 1) {
    RunResults results;
    const std::vector<Cell> cells = cells_of(record);
    for (const Cell& cell : cells) {
        CellResult result;
        result.cell = cell.name;
        result.status = Status::ok;
        result.n = static_cast<std::int64_t>(record.sample_ids.size());
        results.cells.push_back(result);
    }
    watch_run(
        results, record, cells, [&](const Cell& cell) { return cell.shift == clean_shift ? clean : level; }, threads);
    return results;
}

const MonitorResult& at_level(const RunResults& results, double level, const std::string& monitor) {
    for (const MonitorResult& result : results.monitors) {
        if (result.level == level && result.monitor == monitor) return result;
    }
    throw std::logic_error("no such row: " + monitor);
}

TEST(MonitoredStreams, IsInTheOrderOfTimeAndChangesWhereTheShiftSays) {
    RunRecord record = two_class_record(10, true);
    record.shifts.front().changes_at = {6 * 86400};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const MonitoredStream stream = stream_at_level(record, record.shifts.front(), clean, level, false);
    ASSERT_EQ(stream.reference.size(), 3U);
    EXPECT_EQ(stream.reference.front().row, 9U) << "the first day is the last row";
    ASSERT_EQ(stream.stream.size(), 7U);
    ASSERT_TRUE(stream.change);
    EXPECT_EQ(*stream.change, 3U);
    EXPECT_EQ(stream.stream[2].outcomes, &clean);
    EXPECT_EQ(stream.stream[3].outcomes, &level);
    EXPECT_EQ(stream.seconds[3], 6 * 86400);
    EXPECT_THAT(stream.usual_error, ElementsAre(1, 0, 0, 0, 0, 0, 0));
}

TEST(MonitoredStreams, WithoutATimeOfChangeChangesHalfWay) {
    const RunRecord record = two_class_record(101, false);
    const Outcomes clean = answers(record, seldom);
    const MonitoredStream stream = stream_at_level(record, record.shifts.front(), clean, clean, false);
    EXPECT_EQ(stream.reference.size(), 25U);
    EXPECT_EQ(*stream.change, 25U);
    EXPECT_EQ(stream.stream.size(), 76U);
    EXPECT_THAT(stream.seconds, IsEmpty());
}

TEST(MonitoredStreams, RowsThatDoNotCountAreNotInIt) {
    const RunRecord record = two_class_record(20, false);
    const Outcomes clean = answers(record, seldom);
    Outcomes level = clean;
    level.prediction[4] = unreadable;
    const MonitoredStream stream = stream_at_level(record, record.shifts.front(), clean, level, false);
    EXPECT_EQ(stream.reference.size() + stream.stream.size(), 19U);
}

TEST(MonitoredRun, DelayAndHarmAreThoseOfTheMonitorFedByHand) {
    RunRecord record = two_class_record(400, false);
    record.monitors = {{"ddm", "error", 0}};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const MonitorResult result = at_level(watched(record, clean, level), 1.0, "ddm");
    ASSERT_EQ(result.status, Status::ok) << result.message;
    // ddm takes no reference: it sees all 200 clean samples, then the changed ones.
    const MonitorSpecification ddm = parse_monitor("ddm");
    const auto monitor = ddm.entry->make_stream(ddm.settings);
    std::size_t first = 0;
    double harm = 0.0;
    for (std::size_t place = 0; place < 400 && first == 0; ++place) {
        const bool wrong = place < 200 ? seldom(place) : often(place);
        if (place >= 200) harm += (wrong ? 1.0 : 0.0) - (seldom(place) ? 1.0 : 0.0);
        if (monitor->update(wrong ? 1.0 : 0.0) == Signal::alarm && place >= 200) first = place;
    }
    ASSERT_GT(first, 200U);
    EXPECT_TRUE(result.alarm);
    EXPECT_EQ(result.delay_samples, static_cast<double>(first - 200));
    EXPECT_EQ(result.harm, harm);
    EXPECT_EQ(result.clean, 200);
    EXPECT_EQ(result.false_alarms, 0);
    EXPECT_EQ(result.changed, 200);
    EXPECT_EQ(result.alarm_id, record.sample_ids[stream_order(record)[first]]);
    EXPECT_TRUE(std::isnan(result.delay_days));
    EXPECT_LE(result.warning_delay_samples, result.delay_samples);
}

TEST(MonitoredRun, NothingChangesAtLevelZero) {
    RunRecord record = two_class_record(400, true);
    record.monitors = {{"ddm", "error", 0}, {"ks", "confidence", 50}};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const RunResults results = watched(record, clean, level);
    const MonitorResult& none = at_level(results, 0.0, "ddm");
    EXPECT_FALSE(none.alarm);
    EXPECT_EQ(none.harm, 0.0);
    EXPECT_EQ(results.monitors.size(), 4U);
}

TEST(MonitoredRun, DelayInDaysCountsFromTheChange) {
    RunRecord record = two_class_record(400, true);
    record.shifts.front().changes_at = {300 * 86400};
    record.monitors = {{"ks", "error", 40}};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const MonitorResult result = at_level(watched(record, clean, level), 1.0, "ks");
    ASSERT_EQ(result.status, Status::ok) << result.message;
    EXPECT_TRUE(result.alarm);
    EXPECT_EQ(result.delay_samples, 39.0);
    EXPECT_EQ(result.delay_days, 39.0);
    EXPECT_EQ(result.changed, 100);
    EXPECT_EQ(result.clean, 120) << "three whole windows of the 150 days between reference and change";
}

TEST(MonitoredRun, WindowsOfBatchMonitorsMeetAtTheChange) {
    RunRecord record = two_class_record(400, false);
    record.monitors = {{"ks", "error", 40}};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const MonitorResult result = at_level(watched(record, clean, level), 1.0, "ks");
    ASSERT_EQ(result.status, Status::ok) << result.message;
    EXPECT_EQ(result.clean, 80) << "of 100 clean samples after the reference two whole windows";
    EXPECT_EQ(result.false_alarms, 0);
    EXPECT_TRUE(result.alarm);
    EXPECT_EQ(result.delay_samples, 39.0) << "the first changed window alarms at its last sample";
}

TEST(MonitoredRun, AWindowThatDoesNotFitIsSaid) {
    RunRecord record = two_class_record(40, false);
    record.monitors = {{"ks", "error", 50}};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const MonitorResult result = at_level(watched(record, clean, level), 1.0, "ks");
    EXPECT_EQ(result.status, Status::undefined);
    EXPECT_THAT(result.message, HasSubstr("20 samples lie after the change, and the monitor needs 50"));
}

TEST(MonitoredRun, AConstantQuantityCannotBeWatched) {
    RunRecord record = two_class_record(400, false);
    record.monitors = {{"adwin", "input:brightness", 0}};
    Outcomes clean = answers(record, seldom);
    clean.kept[inputs_column].assign(400, 7.0F);
    const MonitorResult result = at_level(watched(record, clean, clean), 1.0, "adwin");
    EXPECT_EQ(result.status, Status::undefined);
    EXPECT_THAT(result.message, HasSubstr("constant over the reference"));
}

TEST(MonitoredRun, ACellWithoutOutcomesIsSkippedWithItsReason) {
    RunRecord record = two_class_record(100, false);
    record.monitors = {{"ddm", "error", 0}, {"doc", "output", 0}};
    const Outcomes clean = answers(record, seldom);
    RunResults results;
    const std::vector<Cell> cells = cells_of(record);
    for (const Cell& cell : cells) {
        CellResult result;
        result.cell = cell.name;
        result.status = cell.shift == clean_shift ? Status::ok : Status::error;
        result.message = cell.shift == clean_shift ? "" : "the sky fell";
        result.n = 100;
        results.cells.push_back(result);
    }
    watch_run(
        results, record, cells, [&](const Cell&) { return clean; }, 1);
    EXPECT_EQ(at_level(results, 1.0, "ddm").status, Status::skipped);
    EXPECT_THAT(at_level(results, 1.0, "ddm").message, HasSubstr("the sky fell"));
    ASSERT_EQ(results.accuracy_estimates.size(), 2U);
    EXPECT_EQ(results.accuracy_estimates.back().status, Status::skipped);
}

TEST(MonitoredRun, EstimatesStandBesideWhatWasMeasured) {
    RunRecord record = two_class_record(400, false);
    record.monitors = {{"average_confidence", "output", 0}, {"doc", "output", 0}};
    const Outcomes clean = answers(record, seldom), level = answers(record, often);
    const RunResults results = watched(record, clean, level);
    ASSERT_EQ(results.accuracy_estimates.size(), 4U);
    const AccuracyEstimate& average = results.accuracy_estimates[2];
    EXPECT_EQ(average.monitor, "average_confidence");
    EXPECT_NEAR(average.estimate, 0.9, 1e-6);
    EXPECT_DOUBLE_EQ(average.measured, 0.5);
    EXPECT_NEAR(average.gap, 0.4, 1e-6);
    EXPECT_EQ(average.n, 200);
    // Confidence did not fall, so doc says what the reference had: 90 right answers of 100.
    EXPECT_NEAR(results.accuracy_estimates[3].estimate, 0.9, 1e-6);
    EXPECT_NEAR(results.accuracy_estimates[0].gap, 0.0, 1e-6) << "calibrated where nothing changed";
}

TEST(MonitoredRun, AWalkThroughTimeIsOneStream) {
    RunRecord record = two_class_record(300, true);
    ShiftInfo& shift = record.shifts.front();
    shift.name = "calendar";
    shift.kind = "calendar";
    shift.reference_is_clean = false;
    shift.pairs_with = PairsWith::none;
    shift.levels = {{0.0, "reference"}, {1.0, "spring"}, {2.0, "summer"}};
    shift.changes_at = {200 * 86400};
    record.monitors = {{"ddm", "error", 0}};
    const auto season = [&](std::size_t from, std::size_t to) {
        Outcomes all = answers(record, [](std::size_t place) { return place < 200 ? seldom(place) : often(place); });
        const std::vector<std::uint32_t> order = stream_order(record);
        for (std::size_t place = 0; place < order.size(); ++place) {
            if (place < from || place >= to) all.prediction[order[place]] = not_run;
        }
        return all;
    };
    RunResults results;
    const std::vector<Cell> cells = cells_of(record);
    for (const Cell& cell : cells) {
        CellResult result;
        result.cell = cell.name;
        result.status = Status::ok;
        result.n = 100;
        results.cells.push_back(result);
    }
    watch_run(
        results, record, cells,
        [&](const Cell& cell) {
            return cell.label == "reference" ? season(0, 100)
                   : cell.label == "spring"  ? season(50, 200)
                                             : season(200, 300);
        },
        1);
    ASSERT_EQ(results.monitors.size(), 1U);
    const MonitorResult& result = results.monitors.front();
    ASSERT_EQ(result.status, Status::ok) << result.message;
    EXPECT_TRUE(std::isnan(result.level));
    EXPECT_EQ(result.clean, 200) << "the reference, which ddm sees first, and spring without its days of the reference";
    EXPECT_EQ(result.changed, 100);
    EXPECT_TRUE(result.alarm);
    EXPECT_EQ(result.delay_days, result.delay_samples);
    // Ten in a hundred were wrong in the reference; until the alarm every second one is.
    const double days = result.delay_samples + 1.0;
    EXPECT_NEAR(result.harm, std::floor(days / 2.0) - 0.1 * days, 0.51);
}

TEST(MonitorTrials, KeepTheGuaranteeAndDoNotDependOnThreads) {
    RunRecord record = two_class_record(600, false);
    record.monitors = {{"e_detector:alpha=0.0001", "error", 0}, {"shewhart", "error", 0}, {"ks", "error", 50}};
    record.monitor_trials = 100;
    const Outcomes clean = answers(record, seldom);
    const RunResults one = watched(record, clean, clean, 1), two = watched(record, clean, clean, 2);
    ASSERT_EQ(one.monitor_trials.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(one.monitor_trials[i].with_alarm, two.monitor_trials[i].with_alarm);
        EXPECT_EQ(one.monitor_trials[i].trials, 100);
    }
    EXPECT_EQ(one.monitor_trials[0].samples, 300);
    EXPECT_LE(one.monitor_trials[0].share, 0.05) << "at most 300 alpha = 3 %, and the reference may be lucky";
    EXPECT_GT(one.monitor_trials[1].share, 0.2) << "a single error lies about three deviations out";
    EXPECT_LE(one.monitor_trials[2].low, one.monitor_trials[2].share);
    EXPECT_GE(one.monitor_trials[2].high, one.monitor_trials[2].share);
}

TEST(MonitorUses, TakeWhatSuitsTheMonitor) {
    const Watchable classes{false, false, {"brightness", "contrast", "sharpness"}};
    const Watchable numbers{true, true, {"lag", "temperature"}};
    EXPECT_EQ(complete_use({"ddm", "", 0}, classes).on, "error");
    EXPECT_EQ(complete_use({"bbsd", "", 0}, classes).on, "output");
    EXPECT_EQ(complete_use({"ks", "", 0}, classes).on, "confidence");
    EXPECT_EQ(complete_use({"ks", "", 0}, classes).window, 50U);
    EXPECT_EQ(complete_use({"ks", "", 0}, numbers).on, "input");
    EXPECT_EQ(complete_use({"adwin", "input:lag", 0}, numbers).on, "input:lag");
    EXPECT_EQ(column_read_by({"ks", "input", 50}, true), inputs_column);
    EXPECT_EQ(column_read_by({"bbsd", "output", 50}, false), "logits");
    EXPECT_EQ(column_read_by({"adwin", "output", 0}, true), "");
}

TEST(MonitorTables, OfMonitorsComeBackFromTheFile) {
    const test::Folder folder;
    RunRecord record = two_class_record(300, true);
    record.shifts.front().changes_at = {150 * 86400};
    record.monitors = {{"ddm", "error", 0}, {"doc", "output", 0}};
    record.monitor_trials = 5;
    record.metrics = {"accuracy"};
    record = run_record_from_json(to_json(record));
    EXPECT_EQ(record.monitors.size(), 2U);
    EXPECT_EQ(record.shifts.front().changes_at.size(), 1U);
    Journal journal = Journal::create(folder / "run.sqlite", {});
    for (const Cell& cell : cells_of(record)) {
        TileRecord tile;
        const Outcomes all = answers(record, cell.shift == clean_shift ? seldom : often);
        tile.outcomes = reordered(all, record.blocks.front());
        journal.put(cell.name, 0, tile);
    }
    const RunResults results = evaluate(journal, record, 1);
    write_results(folder / "results.h5", record, results, journal);
    const RunResults read = read_summary(folder / "results.h5").results;
    ASSERT_EQ(read.monitors.size(), 2U);
    EXPECT_EQ(read.monitors[1].delay_samples, results.monitors[1].delay_samples);
    EXPECT_EQ(read.monitors[1].alarm, results.monitors[1].alarm);
    EXPECT_EQ(read.monitors[1].harm, results.monitors[1].harm);
    ASSERT_EQ(read.accuracy_estimates.size(), 2U);
    EXPECT_EQ(read.accuracy_estimates[1].gap, results.accuracy_estimates[1].gap);
    ASSERT_EQ(read.monitor_trials.size(), 2U);
    EXPECT_EQ(read.monitor_trials[0].run, 1);
    EXPECT_EQ(read.monitor_trials[1].run, 28) << "a series is drawn in runs, too";
    EXPECT_EQ(read.monitor_trials[0].trials, 5);
}

}  // namespace
}  // namespace misfire
