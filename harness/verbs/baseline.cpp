#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "results/baseline.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire baseline set <run> [--out FILE], or misfire baseline show <file>";
constexpr const char* default_file = "misfire-baseline.h5";

int set_baseline(const std::string& run, const std::string& out) {
    const ResultsFile results(run);
    const BaselineSize size = write_baseline(out, results);
    std::cout << out << ": " << human_bytes(static_cast<double>(size.bytes)) << ", "
              << grouped(static_cast<std::size_t>(size.cells)) << " cells, which answers are right of "
              << grouped(static_cast<std::size_t>(size.samples)) << " samples";
    if (size.sampled > 0) std::cout << ", all else of " << grouped(static_cast<std::size_t>(size.sampled));
    std::cout << "\ncommit it, and compare later runs with it: misfire check <run> --baseline " << shell_quoted(out)
              << "\n";
    return exit_fine;
}

int show_baseline(const std::string& file, bool json) {
    const ResultsFile baseline(file);
    if (!baseline.is_baseline())
        throw UsageError(file +
                         " is a run, not a baseline; misfire describe shows runs. Make a baseline of it: misfire "
                         "baseline set " +
                         shell_quoted(file) + ".");
    const RunSummary& summary = baseline.summary();
    const auto of = [&](const char* field) {
        const auto found = summary.environment.find(field);
        return found == summary.environment.end() ? std::string("-") : found->second;
    };
    if (json) {
        nlohmann::ordered_json out = {{"dataset", summary.dataset},
                                      {"data_sha256", summary.data_sha256},
                                      {"samples", baseline.record().sample_ids.size()},
                                      {"samples_with_all_columns", baseline.sampled_rows().size()},
                                      {"seed", summary.seed},
                                      {"cells", summary.results.cells.size()},
                                      {"metrics", baseline.record().metrics},
                                      {"models", nlohmann::ordered_json::array()},
                                      {"environment", summary.environment}};
        for (const ModelInfo& model : summary.models)
            out["models"].push_back({{"name", model.name}, {"sha256", model.sha256}, {"path", model.path}});
        std::cout << out.dump(2) << "\n";
        return exit_fine;
    }
    std::cout << "baseline  " << file << ", made from the run " << of("run_id") << "\n"
              << "data      " << summary.dataset << ", " << grouped(baseline.record().sample_ids.size())
              << " samples, sha256 " << summary.data_sha256.substr(0, 12) << ", seed " << summary.seed << "\n"
              << "machine   " << of("cpu") << " (" << of("isa") << "), LibTorch " << of("libtorch") << ", misfire "
              << of("misfire_version") << "\n"
              << "kept      which answers are right of every sample, all else of "
              << grouped(baseline.sampled_rows().size()) << "\n";
    for (const ModelInfo& model : summary.models)
        std::cout << "model     " << model.name << ", sha256 " << model.sha256.substr(0, 12) << "\n";
    if (!baseline.record().metrics.empty())
        std::cout << "\n" << curve_tables(summary.results, baseline.record().metrics.front(), may_colour(1));
    return exit_fine;
}

int baseline(const Arguments& arguments) {
    const std::string action = required(arguments, "action", usage);
    if (action != "set" && action != "show")
        throw UsageError("`misfire baseline " + action + "` is not known." + did_you_mean(action, {"set", "show"}) +
                         " Usage: " + usage + ".");
    const std::string what = required(arguments, "run", usage);
    if (action == "set")
        return set_baseline(what, arguments.count("out") != 0 ? arguments["out"].as<std::string>() : default_file);
    return show_baseline(what, arguments.count("json") != 0);
}

}  // namespace

Verb baseline_verb() {
    Verb verb;
    verb.name = "baseline";
    verb.synopsis = "set <run> | show <file>";
    verb.summary = "Make the small file that later runs are checked against, or look at one";
    verb.description =
        "`baseline set` writes a file that a repository can commit (below 1 MB for 10,000 samples and 96 cells): the "
        "tables of the run, one bit for each sample and cell that says whether the answer was right, and for some "
        "hundred samples what the other metrics look at. Checks of accuracy are paired on all samples, those of other "
        "metrics on that sample; the command says how many.\n\n"
        "A baseline is of data, seed and perturbations, and of models by their name in the scenario, whatever file "
        "stands behind the name: a new model under the old name is what a gate is for.";
    verb.examples = {{"misfire baseline set runs/main", "writes misfire-baseline.h5"},
                     {"misfire baseline show misfire-baseline.h5", "what it holds and where it comes from"}};
    verb.options.add_options()  //
        ("out,o", po::value<std::string>()->value_name("FILE"),
         "of set: file to write (default misfire-baseline.h5)")  //
        ("json", "of show: as JSON");
    verb.positional = {"action", "run"};
    verb.run = baseline;
    return verb;
}

}  // namespace misfire
