#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/environment.h"
#include "harness/gate/comparison_documents.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "results/compare/comparability.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

std::vector<std::string> list_from(const Arguments& arguments, const char* name) {
    return arguments.count(name) != 0 ? arguments[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::vector<std::string> metrics_of(const ResultsFile& file) {
    std::vector<std::string> names = file.record().metrics;
    names.insert(names.end(), file.record().curve_metrics.begin(), file.record().curve_metrics.end());
    return names;
}

// Named ones, all, or the first of the run; those that the runs have besides go into the document.
std::vector<std::string> choose_metrics(const Arguments& arguments, const ResultsFile& first,
                                        ComparisonDocument& document) {
    const std::vector<std::string> known = metrics_of(first);
    if (known.empty())
        throw UsageError(first.path().string() + " holds no metric. Compare runs of a scenario with `metrics:`.");
    std::vector<std::string> wanted = list_from(arguments, "metric");
    if (wanted.empty()) wanted = {known.front()};
    if (std::find(wanted.begin(), wanted.end(), "all") != wanted.end()) wanted = known;
    for (const std::string& name : wanted) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw UsageError("--metric " + name + ": " + first.path().string() + " has no metric of this name." +
                             did_you_mean(name, known));
    }
    for (const std::string& name : known) {
        if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) document.not_compared.push_back(name);
    }
    return wanted;
}

void require_shifts(const std::vector<std::string>& patterns, const ResultsFile& first) {
    std::vector<std::string> known = {std::string(clean_shift)};
    for (const ShiftInfo& shift : first.record().shifts) known.push_back(shift.name);
    for (const std::string& pattern : patterns) {
        const bool any = std::any_of(known.begin(), known.end(),
                                     [&](const std::string& name) { return fits_pattern(pattern, name); });
        if (!any)
            throw UsageError("--shift " + pattern + " fits no shift of " + first.path().string() + "." +
                             did_you_mean(pattern, known));
    }
}

// Refusals end the command unless forced; then they are notes.
void check_comparable(const ResultsFile& first, const ResultsFile& second, bool force, ComparisonDocument& document) {
    const Comparability found = comparability(first, second);
    if (!found.refusals.empty() && !force) {
        std::string list;
        for (const std::string& refusal : found.refusals) list += (list.empty() ? "" : "; ") + refusal;
        throw UsageError(second.path().string() + " cannot be compared with " + first.path().string() + ": " + list +
                         ". Run the same scenario with the same data and seed, or take --force to pair the samples "
                         "that both have.");
    }
    std::set<std::string> known(document.notes.begin(), document.notes.end());
    const auto add = [&](const std::string& note) {
        if (!known.insert(note).second) return;
        document.notes.push_back(note);
        std::cerr << "misfire: NOTE: " << note << "\n";
    };
    for (const std::string& refusal : found.refusals) add("forced although " + refusal);
    for (const std::string& note : found.notes) add(note);
}

std::string as_format(const ComparisonDocument& document, const std::string& format, bool colour) {
    if (format == "markdown") return comparison_markdown(document);
    if (format == "json") return comparison_json(document);
    if (format == "html") return comparison_html(document);
    return comparison_text(document, colour);
}

void write_to(const std::string& path, const std::string& text) {
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream << text << std::flush;
    if (!stream) throw StoreError(path + " cannot be written. Check that the folder exists and has space.");
}

int compare(const Arguments& arguments) {
    const std::vector<std::string> runs = list_from(arguments, "run");
    if (runs.size() < 2) throw UsageError("Two runs are needed at least. Usage: misfire compare <run> <run>...");
    const std::string format = arguments.count("format") != 0 ? arguments["format"].as<std::string>() : "text";
    const std::vector<std::string> formats = {"text", "markdown", "json", "html"};
    if (std::find(formats.begin(), formats.end(), format) == formats.end())
        throw UsageError("`--format " + format + "` is not known." + did_you_mean(format, formats));
    ComparisonOptions options;
    options.threads = threads_from(arguments) > 0 ? threads_from(arguments) : processor_count();
    options.shifts = list_from(arguments, "shift");
    options.groups = arguments.count("groups") != 0;
    if (arguments.count("margin") != 0) {
        options.margin = arguments["margin"].as<double>();
        if (!(*options.margin >= 0.0))
            throw UsageError("--margin " + std::to_string(*options.margin) + " is not a number of at least 0.");
    }
    const ResultsFile first(runs.front());
    ComparisonDocument document;
    document.first = runs.front();
    document.all = arguments.count("all") != 0;
    options.metrics = document.metrics = choose_metrics(arguments, first, document);
    require_shifts(options.shifts, first);
    for (std::size_t i = 1; i < runs.size(); ++i) {
        const ResultsFile second(runs[i]);
        check_comparable(first, second, arguments.count("force") != 0, document);
        const PairedRuns pair(first, second, options.threads);
        document.runs.push_back(runs[i]);
        for (ComparedRow& row : compare_runs(pair, options)) {
            row.run = runs[i];
            document.rows.push_back(std::move(row));
        }
    }
    if (document.rows.empty()) {
        std::cerr << "misfire: the runs have no cell of these models and shifts in common; misfire describe <run> "
                     "shows what each has\n";
        return exit_nothing_selected;
    }
    judge(document.rows);
    const bool to_file = arguments.count("out") != 0;
    const std::string text = as_format(document, format, !to_file && may_colour(1));
    if (to_file)
        write_to(arguments["out"].as<std::string>(), text);
    else
        std::cout << text;
    return exit_fine;
}

}  // namespace

Verb compare_verb() {
    Verb verb;
    verb.name = "compare";
    verb.synopsis = "<run> <run>...";
    verb.summary = "What became better and what worse between runs, sample by sample";
    verb.description =
        "Compares runs (directories, results.h5 files or baselines) with the first one. Samples are paired by id, "
        "models by their name in the scenario; runs with a single model each need no equal names. Every cell gets the "
        "difference with its 95 % interval and a test: McNemar's mid-p with Tango's interval for proportions such as "
        "accuracy, a paired bootstrap otherwise, adjusted by Holm's method over all rows. Areas of curves and breaking "
        "points are compared, too.\n\n"
        "Runs of other data, another seed or another version of a perturbation are refused, and the message names what "
        "differs; --force pairs the samples that both have. Another processor, LibTorch or misfire is said and "
        "compared.";
    verb.examples = {{"misfire compare runs/before runs/after", "what changed, in the first metric of the scenario"},
                     {"misfire compare runs/before runs/after --metric all --all --format html --out compare.html",
                      "every metric and row as a page"},
                     {"misfire compare runs/a runs/b runs/c --shift 'fog*' --metric accuracy --metric nll",
                      "two runs against the first"}};
    verb.options.add_options()  //
        ("metric", po::value<std::vector<std::string>>()->composing()->value_name("NAME"),
         "metric to compare, of cells or over the run; may be repeated; `all`: every one of the run (default: the "
         "first)")  //
        ("shift", po::value<std::vector<std::string>>()->composing()->value_name("PATTERN"),
         "only these shifts (* and ? as in a shell); may be repeated")       //
        ("groups", "compare the groups of the samples besides all of them")  //
        ("all", "show rows that did not change, too")                        //
        ("margin", po::value<double>()->value_name("X"),
         "an interval within plus and minus X is no change (default: 0.01 for fractions, 1 for percentages, 0.25 "
         "levels for breaking points, 2 % of the first value for others)")                                           //
        ("format", po::value<std::string>()->value_name("text|markdown|json|html"), "of the output (default text)")  //
        ("out,o", po::value<std::string>()->value_name("FILE"), "write there instead of standard output")            //
        ("force", "compare although data, seed or perturbations differ")                                             //
        ("threads", po::value<int>()->value_name("N"), "worker threads (default: all cores)");
    verb.positional = {"run..."};
    verb.run = compare;
    return verb;
}

}  // namespace misfire
