#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/run_session.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

SessionOptions session_from(const Arguments& arguments) {
    SessionOptions options;
    options.threads = threads_from(arguments);
    options.json = arguments.count("json") != 0;
    if (arguments.count("metric") != 0) {
        options.metric = arguments["metric"].as<std::string>();
        // A wrong name is found before hours are spent.
        if (find_curve_metric(options.metric) != nullptr) {
            throw UsageError("--metric " + options.metric +
                             " is a number over many cells, which has no curve; it is printed below the curves.");
        }
        metric_named(options.metric);
    }
    return options;
}

// "90", "90s", "10m", "1.5h".
double seconds_from(const std::string& text) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    const double factor = unit.empty() || unit == "s" ? 1.0 : unit == "m" ? 60.0 : unit == "h" ? 3600.0 : 0.0;
    if (error != std::errc() || factor == 0.0 || !(number > 0.0))
        throw UsageError("`--time-budget " + text + "` is no time: write seconds, or 90s, 10m, 1.5h.");
    return number * factor;
}

// The command that would repeat this run, for the record.
std::string repeated_command(const Arguments& arguments) {
    std::string command = "misfire run " + shell_quoted(arguments["scenario"].as<std::string>());
    for (const char* name : {"seed", "limit", "device", "filter"}) {
        if (arguments.count(name) != 0)
            command += std::string(" --") + name + " " + shell_quoted(arguments[name].as<std::string>());
    }
    if (arguments.count("set") != 0) {
        for (const std::string& assignment : arguments["set"].as<std::vector<std::string>>())
            command += " --set " + shell_quoted(assignment);
    }
    return command;
}

int run(const Arguments& arguments) {
    SessionOptions options = session_from(arguments);
    Scenario scenario = scenario_from(arguments, "misfire run <scenario>");
    if (!options.metric.empty() &&
        std::find(scenario.metrics.begin(), scenario.metrics.end(), options.metric) == scenario.metrics.end()) {
        throw UsageError("--metric " + options.metric + " is not among the metrics of this scenario." +
                         did_you_mean(options.metric, scenario.metrics));
    }
    options.command = repeated_command(arguments);
    if (arguments.count("baseline") != 0) options.baseline = arguments["baseline"].as<std::string>();
    if (arguments.count("reuse") != 0) options.reuse = arguments["reuse"].as<std::string>();
    if (arguments.count("time-budget") != 0)
        options.time_budget_seconds = seconds_from(arguments["time-budget"].as<std::string>());
    options.cell_filter = filter_from(arguments);
    const std::filesystem::path folder =
        choose_run_folder(arguments.count("out") != 0 ? arguments["out"].as<std::string>() : "", scenario.name);
    return begin_run(set_up_and_say(std::move(scenario), options.cell_filter), folder, options);
}

int resume(const Arguments& arguments) {
    SessionOptions options = session_from(arguments);
    return resume_run(required(arguments, "run", "misfire resume <run>"), options,
                      arguments.count("other-machine") != 0);
}

void add_output_options(po::options_description& options) {
    options.add_options()                                                 //
        ("json", "results as JSON on standard output instead of tables")  //
        ("metric", po::value<std::string>()->value_name("NAME"),
         "metric of the printed table (default: the first of the scenario)");
}

}  // namespace

Verb run_verb() {
    Verb verb;
    verb.name = "run";
    verb.synopsis = "<scenario>";
    verb.summary = "Break the models of a scenario and record how they degrade";
    verb.description =
        "Runs a scenario: a file, or a shipped one by name (misfire list scenarios). Every finished tile is committed "
        "to "
        "runs/<name>/run.sqlite, so an interrupted or killed run can go on with `misfire resume`. At the end, on "
        "interrupt and every few "
        "minutes the results are written to runs/<name>/results.h5. The first Ctrl-C finishes the tiles under way, a "
        "second one leaves at once.\n\n"
        "A model file (.pt) is code: run only models that you trust.";
    verb.examples = {{"misfire run demo", "the shipped demonstration: small real models on Fashion-MNIST"},
                     {"misfire run demo --limit 200 --set shifts.0.severities=0-3", "fewer samples, fewer levels"},
                     {"misfire run mine.yaml --filter '/gaussian_noise/' --out runs/noise-only",
                      "part of a scenario, into a folder of its own"}};
    verb.options.add(scenario_options());
    verb.options.add_options()("out,o", po::value<std::string>()->value_name("DIR"),
                               "run directory (default: runs/<name>, or runs/<name>-2 and so on where it exists)");
    verb.options.add_options()  //
        ("time-budget", po::value<std::string>()->value_name("TIME"),
         "end in time (90, 10m, 1.5h): no block of samples is begun that would end later; results are of a random part "
         "of the samples, and misfire resume goes on")  //
        ("reuse", po::value<std::string>()->value_name("DIR"),
         "take cells whose model, data, shift, seed, libraries and processor are the same from an earlier run")  //
        ("baseline", po::value<std::string>()->value_name("FILE"),
         "what checks of regressions (`max_regression`) compare with: a file of misfire baseline set, or a run");
    add_output_options(verb.options);
    verb.positional = {"scenario"};
    verb.run = run;
    return verb;
}

Verb resume_verb() {
    Verb verb;
    verb.name = "resume";
    verb.synopsis = "<run>";
    verb.summary = "Go on with an interrupted run";
    verb.description =
        "Takes only the run directory: scenario, seed, blocks and cells are those of the run. Models, data and "
        "perturbations are compared with "
        "what the run began with, and what differs is named. Cells that failed are tried again. The results equal "
        "those of a run that was "
        "never interrupted.";
    verb.examples = {{"misfire resume runs/demo", "finish the tiles that are missing"}};
    verb.options.add_options()  //
        ("threads", po::value<int>()->value_name("N"),
         "worker threads (default: all cores); results do not depend on it")  //
        ("other-machine", "go on although processor, LibTorch or misfire itself are others than at the beginning");
    add_output_options(verb.options);
    verb.positional = {"run"};
    verb.run = resume;
    return verb;
}

}  // namespace misfire
