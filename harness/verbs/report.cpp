#include <filesystem>
#include <iostream>

#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "harness/version.h"
#include "harness/whole_file.h"
#include "results/report/report.h"
#include "results/results_file.h"

namespace misfire {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

int write_report(const Arguments& arguments) {
    const fs::path results = results_path(required(arguments, "run", "misfire report <run>"));
    ReportInput input = read_report_input(results);
    input.version = version();
    const bool json = arguments.count("json") != 0;
    const bool page = !json || arguments.count("out") != 0;
    if (page) {
        const fs::path out = arguments.count("out") != 0 ? fs::path(arguments["out"].as<std::string>())
                                                         : results.parent_path() / "report.html";
        write_whole_file(out, report_html(input));
        (json ? std::cerr : std::cout) << out.string() << "\n";
    }
    if (json) std::cout << report_json(input);
    return exit_fine;
}

}  // namespace

Verb report_verb() {
    Verb verb;
    verb.name = "report";
    verb.synopsis = "<run>";
    verb.summary = "Write what a run found as one self-contained HTML page, as figures and tables, or as JSON";
    verb.description =
        "Takes a run directory or its results.h5, and needs nothing else: no models, no data, no network. The page "
        "holds "
        "verdict, curves with their 95 % bands, a heat map of shift by level, the worst cells, breaking points, gaps "
        "between groups, reliability diagrams, what else the run wrote (checks, monitors, scores), and the scenario "
        "with "
        "the digests that reproduce it. It opens from the disk in any browser, prints, and is readable without "
        "JavaScript. A run that is not finished is reported as such, with a watermark.";
    verb.examples = {{"misfire report runs/demo", "into runs/demo/report.html"},
                     {"misfire report runs/demo/results.h5 --out demo.html", "under another name"},
                     {"misfire report runs/demo --json", "verdict and findings for a script"}};
    verb.options.add_options()  //
        ("out,o", po::value<std::string>()->value_name("FILE"),
         "the page (default: report.html beside results.h5)")  //
        ("json",
         "verdict, findings per model, worst cells, breaking points and groups as JSON on standard output; the "
         "page is then written only with --out");
    verb.positional = {"run"};
    verb.run = write_report;
    return verb;
}

}  // namespace misfire
