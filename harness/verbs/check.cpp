#include <fstream>
#include <iostream>
#include <optional>
#include <regex>

#include "core/error.h"
#include "harness/environment.h"
#include "harness/gate/check_documents.h"
#include "harness/known_metrics.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "results/checks/evaluate_checks.h"
#include "results/compare/comparability.h"
#include "scenarios/scenario_checks.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire check <run> [--baseline FILE]";

void write_to(const std::string& path, const std::string& text) {
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream << text << std::flush;
    if (!stream) throw StoreError(path + " cannot be written. Check that the folder exists and has space.");
}

std::vector<CheckSpec> checks_from(const Arguments& arguments, const ResultsFile& run) {
    std::vector<CheckSpec> checks;
    if (arguments.count("only-given") == 0)
        checks = checks_in(run.summary().scenario, "scenario of " + run.path().string(), known_metrics());
    if (arguments.count("check") != 0) {
        for (const std::string& text : arguments["check"].as<std::vector<std::string>>())
            checks.push_back(parse_check(text, known_metrics()));
    }
    if (checks.empty())
        throw UsageError(
            "There is nothing to check: the scenario of " + run.path().string() +
            " has no `checks:`. Give some, such as --check metric=accuracy,shift=fog,levels=<=2,min=0.75.");
    return checks;
}

void select(const std::string& pattern, std::vector<CheckResult>& results) {
    try {
        const std::regex expression(pattern);
        std::erase_if(results, [&](const CheckResult& result) { return !std::regex_search(result.name, expression); });
    } catch (const std::regex_error& error) {
        throw UsageError("`--select " + pattern + "` is not a regular expression: " + error.what() +
                         ". A plain part of a name, such as fog/3, works.");
    }
}

int check(const Arguments& arguments) {
    const ResultsFile run(required(arguments, "run", usage));
    const int threads = threads_from(arguments) > 0 ? threads_from(arguments) : processor_count();
    const std::vector<CheckSpec> checks = checks_from(arguments, run);
    CheckDocument document;
    document.run = arguments["run"].as<std::string>();
    document.all = arguments.count("all") != 0;
    std::optional<ResultsFile> baseline;
    if (arguments.count("baseline") != 0) {
        document.baseline = arguments["baseline"].as<std::string>();
        baseline.emplace(document.baseline);
        document.notes = comparability(*baseline, run).notes;
    } else if (!run.summary().results.complete) {
        document.notes.push_back(document.run + " is not complete");
    }
    for (const std::string& note : document.notes) std::cerr << "misfire: NOTE: " << note << "\n";
    document.results = evaluate_checks(checks, run, baseline ? &*baseline : nullptr, threads);
    document.family = family_size(statements_of(checks, run.record()), baseline.has_value());
    if (arguments.count("select") != 0) {
        select(arguments["select"].as<std::string>(), document.results);
        if (document.results.empty()) {
            std::cerr << "misfire: --select " << arguments["select"].as<std::string>()
                      << " selects none of the checks; misfire check --all shows their names\n";
            return exit_nothing_selected;
        }
    }
    if (arguments.count("junit") != 0) write_to(arguments["junit"].as<std::string>(), checks_junit(document));
    if (arguments.count("markdown") != 0) write_to(arguments["markdown"].as<std::string>(), checks_markdown(document));
    if (arguments.count("json") != 0)
        std::cout << checks_json(document);
    else
        std::cout << checks_text(document, may_colour(1));
    if (arguments.count("github") != 0)
        (arguments.count("json") != 0 ? std::cerr : std::cout) << checks_github(document);
    return verdict_of(document.results).code;
}

}  // namespace

Verb check_verb() {
    Verb verb;
    verb.name = "check";
    verb.synopsis = "<run>";
    verb.summary = "Do the checks of a run hold? For CI: exit code, JUnit, Markdown, annotations";
    verb.description =
        "Evaluates the `checks:` of the run's scenario and those of --check. `min` and `max` bound a number of this "
        "run; `max_regression` bounds how much worse it may be than in the --baseline (a file of `misfire baseline "
        "set`, or another run), paired sample by sample.\n\n"
        "A statement is breached only when its whole interval lies beyond the limit, and the intervals are so wide "
        "that chance turns a run red in at most 1 % of cases over all its statements together. A statement whose "
        "interval straddles the limit is inconclusive and says how many samples would settle it.\n\n"
        "Exit code 0: all hold; 1: a check of level error is breached; 3: none is, but one is inconclusive or a cell "
        "failed; 4: nothing was checked. Checks of level warn are said and change no exit code.";
    verb.examples = {
        {"misfire check runs/demo --check 'metric=accuracy,shift=brightness,levels=<=2,min=0.6'",
         "one statement about each cell"},
        {"misfire check runs/mine --baseline misfire-baseline.h5 --junit misfire.xml --markdown comment.md --github",
         "a gate in GitHub Actions"},
        {"misfire check runs/mine --baseline runs/before --only-given --check "
         "'metric=accuracy.area,combine=mean,max_regression=0.01'",
         "the mean over all shifts against another run"}};
    verb.options.add_options()  //
        ("baseline", po::value<std::string>()->value_name("FILE"),
         "what `max_regression` compares with: a file of `misfire baseline set`, or a run")  //
        ("check", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE,..."),
         "a check besides those of the scenario, with its keys; may be repeated")  //
        ("only-given", "leave out the checks of the scenario")                     //
        ("select", po::value<std::string>()->value_name("REGEX"),
         "report only statements whose name holds a match; the level of the gate stays that of all")                  //
        ("all", "list statements that hold, too, however many there are")                                             //
        ("junit", po::value<std::string>()->value_name("FILE"), "write JUnit XML, a testcase per statement")          //
        ("markdown", po::value<std::string>()->value_name("FILE"), "write a summary fit for a pull request comment")  //
        ("github", "print annotations for GitHub Actions")                                                            //
        ("json", "results as JSON on standard output")                                                                //
        ("threads", po::value<int>()->value_name("N"), "worker threads (default: all cores)");
    verb.positional = {"run"};
    verb.run = check;
    return verb;
}

}  // namespace misfire
