#include "harness/run_session.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"
#include "harness/aggregate_table.h"
#include "harness/command_line.h"
#include "harness/earlier_run.h"
#include "harness/environment.h"
#include "harness/fit_scores.h"
#include "harness/gate/check_documents.h"
#include "harness/gate/run_checks.h"
#include "harness/gate/time_budget.h"
#include "harness/interrupt.h"
#include "harness/known_metrics.h"
#include "harness/monitor_table.h"
#include "harness/results_json.h"
#include "harness/runner.h"
#include "harness/score_setup.h"
#include "harness/terminal.h"
#include "results/evaluate.h"
#include "results/store.h"
#include "scenarios/data/select.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes projection_interval{3};
constexpr double tolerated_bad_share = 0.01;

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, length};
}

int thread_count(const SessionOptions& options) { return options.threads > 0 ? options.threads : processor_count(); }

// What must be the same for the tiles of one run to belong together. Keys say what they are of: they end up in
// messages.
std::map<std::string, std::string> identity_of(const Setup& setup) {
    std::map<std::string, std::string> identity;
    identity["data (ids, labels, groups)"] = setup.manifest_sha256;
    for (const auto& model : setup.models) {
        const ModelInfo& info = model->info();
        identity["model " + info.name + " (sha256)"] = info.sha256;
        if (!info.engine.empty()) identity["model " + info.name + " (quantised engine)"] = info.engine;
        identity["model " + info.name + " (output)"] = name_of(info.output);
    }
    for (const auto& shift : setup.shifts)
        identity["shift " + shift->info().name + " (version)"] = shift->info().version;
    if (setup.fit_data)
        identity["fit set (ids, labels)"] = manifest_sha256(SubsetView(*setup.fit_data, setup.fit_selection));
    for (const ScoreState& score : score_states(setup))
        identity["score " + score.name + " of " + score.model + " (version, options)"] =
            score.version + (score.options.empty() ? "" : ", " + score.options);
    return identity;
}

std::map<std::string, std::string> machine_of() {
    std::map<std::string, std::string> machine = library_versions();
    machine.erase("cpu");  // the instruction set decides which kernels run
    return machine;
}

std::map<std::string, std::string> map_of(const std::string& json) {
    return nlohmann::json::parse(json).get<std::map<std::string, std::string>>();
}

void write_text(const fs::path& path, const std::string& text) {
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream << text;
    stream.flush();
    if (!stream)
        throw StoreError(path.string() +
                         " cannot be written. Check that the disk has space and the folder can be written.");
}

void add_environment(Setup& setup, const SessionOptions& options) {
    std::map<std::string, std::string>& environment = setup.record.environment;
    environment = library_versions();
    environment["command"] = options.command;
    environment["created_utc"] = utc_now();
    environment["threads"] = std::to_string(thread_count(options));
    environment["batch"] = std::to_string(setup.scenario.batch);
    environment["block"] = std::to_string(setup.scenario.block);
    std::set<std::string> engines;
    for (const auto& model : setup.models) {
        if (!model->info().engine.empty()) engines.insert(model->info().engine);
    }
    std::string list;
    for (const std::string& engine : engines) list += (list.empty() ? "" : " ") + engine;
    environment["qengine"] = list;
}

struct Verdict {
    int code = exit_fine;
    std::string text;
};

// Samples that every cell has seen.
std::size_t samples_in_every_cell(const RunResults& results) {
    std::int64_t least = -1;
    for (const CellResult& cell : results.cells) {
        if (cell.status == Status::ok && (least < 0 || cell.n < least)) least = cell.n;
    }
    return static_cast<std::size_t>(std::max<std::int64_t>(least, 0));
}

Verdict verdict_of(const Setup& setup, const RunResults& results, RunEnd end) {
    std::size_t failed = 0;
    std::set<std::string> unread;
    for (const CellResult& cell : results.cells) failed += cell.status == Status::error ? 1U : 0U;
    for (const BadInput& bad : results.bad_inputs) unread.insert(bad.id);
    const double share = static_cast<double>(unread.size()) / static_cast<double>(setup.selection.size());
    if (!results.complete && end != RunEnd::enough) return {exit_interrupted, "interrupted"};
    if (failed > 0)
        return {exit_undecided,
                std::to_string(failed) + " of " + std::to_string(results.cells.size()) + " cells failed"};
    if (share > tolerated_bad_share) {
        return {exit_undecided, "inconclusive: " + std::to_string(unread.size()) + " of " +
                                    grouped(setup.selection.size()) + " inputs (" + fixed(100.0 * share, 1) +
                                    " %) could not be read, the limit is 1 %"};
    }
    std::string text = "complete";
    if (end == RunEnd::enough)
        text = "time budget reached: every cell has seen " + grouped(samples_in_every_cell(results)) + " of " +
               grouped(setup.selection.size()) + " samples, a random part";
    if (!unread.empty()) text += "; " + std::to_string(unread.size()) + " inputs could not be read and do not count";
    return {exit_fine, text};
}

// What a reader must know of the scores: those that a model could not give, and what the fits found.
std::string score_notes(const std::vector<ScoreState>& scores) {
    std::string text;
    for (const ScoreState& score : scores) {
        if (score.message.empty()) continue;
        text += "score     " + score.name + " of " + score.model + ": " +
                (score.status == Status::skipped ? "skipped, " : "") + score.message + "\n";
    }
    return text.empty() ? text : "\n" + text;
}

nlohmann::json scores_json(const std::vector<ScoreState>& scores) {
    nlohmann::json list = nlohmann::json::array();
    for (const ScoreState& score : scores) {
        list.push_back({{"model", score.model},
                        {"name", score.name},
                        {"score", score.score},
                        {"version", score.version},
                        {"options", score.options},
                        {"status", name_of(score.status)},
                        {"message", score.message}});
    }
    return list;
}

void print_results(const Setup& setup, const RunResults& results, const fs::path& folder, const SessionOptions& options,
                   const Verdict& verdict, double seconds) {
    const fs::path file = folder / "results.h5";
    if (options.json) {
        nlohmann::json out = results_json(results);
        out["scores"] = scores_json(setup.record.scores);
        out["verdict"] = verdict.text;
        out["checks"] = checks_array(results.checks);
        out["exit_code"] = verdict.code;
        out["results"] = file.string();
        out["seconds"] = seconds;
        std::cout << out.dump(2) << "\n";
        return;
    }
    const std::vector<std::string>& metrics = setup.record.metrics;
    const std::string metric = !options.metric.empty() ? options.metric : metrics.empty() ? "" : metrics.front();
    std::cout << "\n"
              << (metric.empty() ? "" : metric + " by level, ") << grouped(setup.selection.size()) << " samples of "
              << setup.record.dataset << ", seed " << setup.scenario.seed << "\n\n"
              << curve_tables(results, metric, may_colour(1)) << aggregate_table(results.aggregates)
              << monitor_table(results);
    std::cout << score_notes(setup.record.scores) << "verdict   " << verdict.text << "\n"
              << "results   " << file.string() << " (" << results.cells.size() << " cells, "
              << setup.scenario.metrics.size() << " metrics with 95 % intervals)\n"
              << "time      " << human_seconds(seconds) << " on " << thread_count(options)
              << (thread_count(options) == 1 ? " thread\n" : " threads\n");
}

// Phase 1. What the fit set looked like goes into the journal, so that a resumed run is known to have the same.
bool fit(Setup& setup, Journal& journal, int threads, const std::atomic<bool>& stop) {
    if (setup.scores.empty()) return true;
    constexpr const char* content_key = "fit_content";
    const std::optional<std::string> before = journal.meta(content_key);
    if (setup.fit_data) {
        std::cerr << "misfire: fitting scores on " << grouped(setup.fit_selection.size()) << " samples of "
                  << setup.fit_data->info().name << "\n";
    }
    const FitEnd end = fit_scores(setup, {threads, &stop, !before});
    if (!end.finished) return false;
    if (before && *before != end.content) {
        throw DataError(
            "The pixels of the fit set are not those that this run began with. Put the old data back, or start a new "
            "run.");
    }
    if (end.unread > 0) {
        std::cerr << "misfire: " << grouped(end.unread)
                  << " samples of the fit set could not be read and were left out\n";
    }
    journal.set_meta(content_key, end.content);
    journal.set_meta("record", to_json(setup.record));
    return true;
}

int drive(Setup& setup, Journal& journal, const fs::path& folder, const SessionOptions& options,
          EarlierRun* earlier = nullptr) {
    const Clock::time_point start = Clock::now();
    Clock::time_point projected = start;
    const fs::path file = folder / "results.h5";
    const auto project = [&] {
        RunResults results = evaluate(journal, setup.record, thread_count(options));
        write_results(file, setup.record, results, journal);
        projected = Clock::now();
        return results;
    };
    ProgressLine progress;
    const InterruptGuard guard("\nmisfire: finishing the tiles under way; interrupt again to leave at once\n");
    TimeBudget budget(options.time_budget_seconds);
    RunnerOptions runner;
    runner.threads = thread_count(options);
    runner.stop = &guard.requested();
    runner.after_block = [&] {
        if (Clock::now() - projected > projection_interval) project();
    };
    runner.enough = [&] { return budget.is_spent(); };
    if (earlier != nullptr) {
        runner.take_over = [&](const std::string& cell, std::uint32_t block, const std::string& content) {
            return earlier->take_over(cell, block, content, journal);
        };
    }
    const bool fitted = fit(setup, journal, runner.threads, guard.requested());
    const RunEnd end = fitted ? run_tiles(setup, journal, runner, progress) : RunEnd::interrupted;
    if (fitted) progress.end();
    RunResults results = project();
    if (end != RunEnd::interrupted) {
        results.checks = evaluate_run_checks(setup, file, options.baseline, thread_count(options));
        if (!results.checks.empty()) write_results(file, setup.record, results, journal);
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (earlier != nullptr) {
        std::cerr << "misfire: " << grouped(earlier->taken()) << " tiles taken from " << options.reuse
                  << (earlier->differs().empty() ? "" : "; " + earlier->differs()) << "\n";
    }
    Verdict verdict = verdict_of(setup, results, end);
    const CheckVerdict checks = results.checks.empty() ? CheckVerdict{} : verdict_of(results.checks);
    if (verdict.code == exit_fine && checks.code != exit_nothing_selected) verdict.code = checks.code;
    if (!checks.text.empty()) verdict.text += "; " + checks.text;
    print_results(setup, results, folder, options, verdict, seconds);
    if (!options.json) std::cout << run_checks_text(setup, results, folder.string(), options.baseline, may_colour(1));
    if (end == RunEnd::enough)
        std::cerr << "misfire: go on with: misfire resume " << shell_quoted(folder.string()) << "\n";
    if (end == RunEnd::interrupted && !results.complete) {
        std::cerr << "misfire: interrupted; go on with: misfire resume " << shell_quoted(folder.string()) << "\n";
        return exit_interrupted;
    }
    return verdict.code;
}

}  // namespace

fs::path choose_run_folder(const std::string& wanted, const std::string& name) {
    if (!wanted.empty()) {
        if (fs::exists(fs::path(wanted) / "run.sqlite")) {
            throw UsageError(wanted + " holds a run already. Take another --out, or go on with it: misfire resume " +
                             shell_quoted(wanted) + ".");
        }
        return wanted;
    }
    const fs::path base = fs::path("runs") / name;
    fs::path folder = base;
    for (int i = 2; fs::exists(folder); ++i) folder = base.string() + "-" + std::to_string(i);
    return folder;
}

int begin_run(Setup setup, const fs::path& folder, const SessionOptions& options) {
    if (setup.cells.empty()) {
        std::cerr << "misfire: --filter " << options.cell_filter
                  << " selects none of the cells; misfire plan shows their names\n";
        return exit_nothing_selected;
    }
    require_sound_checks(setup, options.baseline);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw StoreError("The run directory " + folder.string() + " cannot be made: " + error.message() +
                         ". Name another with --out.");
    }
    add_environment(setup, options);
    std::optional<EarlierRun> earlier;
    if (!options.reuse.empty()) {
        earlier.emplace(options.reuse, setup, identity_of(setup), machine_of());
        setup.record.environment["reused_from"] = options.reuse;
    }
    setup.record.run_id = folder.filename().string() + "-" + setup.record.environment["created_utc"];
    const std::string scenario = to_yaml(setup.scenario);
    write_text(folder / "scenario.yaml", scenario);
    Journal journal = Journal::create(folder / "run.sqlite", {{"record", to_json(setup.record)},
                                                              {"scenario", scenario},
                                                              {"filter", options.cell_filter},
                                                              {"identity", nlohmann::json(identity_of(setup)).dump()},
                                                              {"machine", nlohmann::json(machine_of()).dump()}});
    return drive(setup, journal, folder, options, earlier ? &*earlier : nullptr);
}

int resume_run(const fs::path& folder, const SessionOptions& options, bool other_machine) {
    const fs::path file = folder / "run.sqlite";
    if (!fs::exists(file)) {
        throw UsageError("There is no run in " + folder.string() +
                         " (no run.sqlite). Give the folder that `misfire run` named.");
    }
    Journal journal = Journal::open(file);
    const auto meta = [&](const char* key) {
        const std::optional<std::string> value = journal.meta(key);
        if (!value)
            throw StoreError(file.string() + " has no `" + key +
                             "`: it was not completely begun. Start the run again in a new folder.");
        return *value;
    };
    SessionOptions session = options;
    session.cell_filter = meta("filter");
    Setup setup =
        set_up(parse_scenario(meta("scenario"), (folder / "run.sqlite").string(), folder, {}, known_metrics()),
               session.cell_filter);
    const std::string changed = differences(map_of(meta("identity")), identity_of(setup));
    if (!changed.empty()) {
        throw StoreError("This run cannot go on, its inputs changed: " + changed +
                         ". Put the old ones back, or start a new run.");
    }
    const std::string moved = differences(map_of(meta("machine")), machine_of());
    if (!moved.empty() && !other_machine) {
        throw StoreError("This run was begun elsewhere: " + moved +
                         ". Outputs can differ in their last digits between these; go on with "
                         "--other-machine if you accept that, or start a new run.");
    }
    if (!moved.empty()) std::cerr << "misfire: going on although " << moved << "\n";
    const RunRecord begun = run_record_from_json(meta("record"));
    setup.record.run_id = begun.run_id;
    setup.record.environment = begun.environment;
    return drive(setup, journal, folder, session);
}

}  // namespace misfire
