#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <regex>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/environment.h"
#include "harness/gallery/gallery.h"
#include "harness/pictures/theme_file.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"

namespace misfire {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire gallery <run>";
constexpr std::size_t most_samples = 100;
constexpr double dots_per_inch = 300;
constexpr double millimetres_per_inch = 25.4;

std::vector<std::string> list_from(const Arguments& arguments, const std::string& name) {
    std::vector<std::string> items;
    if (arguments.count(name) == 0) return items;
    std::string text = arguments[name].as<std::string>();
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        if (end > at) items.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return items;
}

std::size_t count_from(const Arguments& arguments, const std::string& name, std::size_t otherwise, std::size_t least) {
    if (arguments.count(name) == 0) return otherwise;
    const int value = arguments[name].as<int>();
    if (value < static_cast<int>(least) || value > static_cast<int>(most_samples)) {
        throw UsageError("--" + name + " " + std::to_string(value) + " is outside " + std::to_string(least) + " to " +
                         std::to_string(most_samples) + ".");
    }
    return static_cast<std::size_t>(value);
}

// "a2", "a2-landscape", "a2-portrait" or "400x600" in millimetres, at 300 dots an inch.
SheetPaper paper_named(const std::string& text) {
    static const std::map<std::string, std::pair<double, double>> papers = {
        {"a0", {841, 1189}}, {"a1", {594, 841}}, {"a2", {420, 594}},
        {"a3", {297, 420}},  {"a4", {210, 297}}, {"letter", {215.9, 279.4}}};
    const bool landscape = text.ends_with("-landscape");
    const std::string name = std::regex_replace(text, std::regex("-(landscape|portrait)$"), "");
    double width = 0, height = 0;
    std::smatch sides;
    static const std::regex millimetres("([0-9]+)x([0-9]+)");
    if (const auto known = papers.find(name); known != papers.end()) {
        std::tie(width, height) = known->second;
    } else if (std::regex_match(name, sides, millimetres) && sides[1].length() <= 5 && sides[2].length() <= 5) {
        width = std::stod(sides[1]);
        height = std::stod(sides[2]);
    }
    if (width < 20 || height < 20 || width > 5000 || height > 5000) {
        throw UsageError("--poster " + text +
                         " is no paper. Give a0, a1, a2, a3, a4 or letter (with -portrait or -landscape, otherwise the "
                         "way round that fits), or "
                         "WIDTHxHEIGHT in millimetres from 20 to 5000, such as 500x700.");
    }
    if (landscape) std::swap(width, height);
    const auto pixels = [](double length) {
        return static_cast<int>(std::lround(length / millimetres_per_inch * dots_per_inch));
    };
    return {pixels(width), pixels(height), dots_per_inch};
}

GalleryOptions options_from(const Arguments& arguments, const PastRun& run) {
    GalleryOptions options;
    options.out = arguments.count("out") != 0 ? fs::path(arguments["out"].as<std::string>())
                                              : run.results().path().parent_path() / "gallery";
    options.selection.names = list_from(arguments, "pick");
    options.selection.samples = count_from(arguments, "samples", 8, 1);
    options.selection.seed = run.results().record().seed;
    options.models = list_from(arguments, "model");
    options.shifts = list_from(arguments, "shift");
    options.levels = list_from(arguments, "levels");
    options.films = count_from(arguments, "films", 1, 0);
    options.sliders = count_from(arguments, "sliders", most_samples, 0);
    options.theme = find_theme(arguments.count("theme") != 0 ? arguments["theme"].as<std::string>() : "plain");
    if (arguments.count("poster") != 0) {
        options.paper_name = arguments["poster"].as<std::string>();
        options.paper = paper_named(options.paper_name);
        const std::string& name = options.paper_name;
        options.fixed_paper =
            name.ends_with("-landscape") || name.ends_with("-portrait") || (name[0] >= '0' && name[0] <= '9');
    }
    options.refine = arguments.count("refine") != 0;
    options.source_size = arguments.count("source-size") != 0;
    return options;
}

int write_gallery(const Arguments& arguments) {
    const std::string text = required(arguments, "run", usage);
    std::vector<std::string> overrides;
    if (arguments.count("set") != 0) overrides = arguments["set"].as<std::vector<std::string>>();
    const int threads = threads_from(arguments);
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads > 0 ? threads : processor_count()));
    const PastRun run(text, overrides);
    if (run.gone_count() > 0) {
        std::cerr << "misfire: " << run.gone_count() << " of " << run.sample_count()
                  << " samples of the run (the first: " << run.first_gone()
                  << ") are not in the data any more; they are not chosen\n";
    }
    const GalleryOptions options = options_from(arguments, run);
    const GalleryEnd end = make_gallery(run, options);
    for (const std::string& bad : end.unreadable) std::cerr << "misfire: " << bad << "\n";
    for (const std::string& empty : end.empty) std::cerr << "misfire: nothing for " << empty << "\n";
    for (const fs::path& sheet : end.sheets) std::cout << sheet.string() << "\n";
    std::cout << (options.out / "index.html").string() << "\n";
    return end.unreadable.empty() ? exit_fine : exit_undecided;
}

}  // namespace

Verb gallery_verb() {
    Verb verb;
    verb.name = "gallery";
    verb.synopsis = "<run>";
    verb.summary =
        "Show where a run's models stop seeing: contact sheets, posters, films and a page of chosen pictures";
    verb.description =
        "Takes a run directory (or its results.h5) and makes the pictures again from data, seed, shift and level, as "
        "the "
        "model saw them; nothing was stored twice. Selections (--pick): first_flip, confident_and_wrong, survivors, "
        "most_disagreed, collapse_path, worst_group, hallucinations, near_misses. Each becomes a contact sheet (PNG "
        "and "
        "PDF; rows samples, columns levels, below each picture answer and confidence), a film from clean to broken "
        "(animated WebP), single pictures, and a part of index.html with a severity slider. picks.csv has all that is "
        "needed to cite a picture.\n\n"
        "Models are run again only with --refine, which narrows each flip to 0.01 of severity and knows the answers in "
        "between. A .pt file is code: refine only with models that you trust. Exit code 3: some pictures could not be "
        "made, the reason is on standard error.";
    verb.examples = {{"misfire gallery runs/demo", "all selections, into runs/demo/gallery"},
                     {"misfire gallery runs/demo --pick first_flip --refine", "where exactly the answer turns"},
                     {"misfire gallery runs/demo --pick collapse_path --samples 5 --poster a2 --theme dark-exhibition",
                      "a poster of five samples for a dark room"}};
    verb.options.add_options()  //
        ("pick", po::value<std::string>()->value_name("NAMES"),
         "selections, by comma (default: all that the run has)")                                            //
        ("samples", po::value<int>()->value_name("N"), "pictures of each selection (default 8)")            //
        ("model", po::value<std::string>()->value_name("NAMES"), "only these models of the run, by comma")  //
        ("shift", po::value<std::string>()->value_name("NAMES"), "only these shifts, by comma")             //
        ("levels", po::value<std::string>()->value_name("LABELS"),
         "columns of the sheets, by comma (default: all levels)")  //
        ("theme", po::value<std::string>()->value_name("NAME"),
         "plain, dark-exhibition, or a YAML file of your own (default plain)")  //
        ("poster", po::value<std::string>()->value_name("PAPER"),
         "each sheet on one page at 300 dots an inch, too: a0 to a4, letter, a2-landscape, or millimetres such as "
         "500x700")                                                                          //
        ("films", po::value<int>()->value_name("N"), "films of each selection (default 1)")  //
        ("sliders", po::value<int>()->value_name("N"),
         "severity sliders of each selection on the page (default: all of its pictures)")  //
        ("refine", "run the models again, to narrow each flip to 0.01 of severity")        //
        ("source-size",
         "single pictures at the source's own resolution besides, marked as not seen by the model")        //
        ("out,o", po::value<std::string>()->value_name("DIR"), "folder (default: gallery/ in the run's)")  //
        ("set", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
         "override a key of the run's scenario, for data or models that have moved; may be repeated")  //
        ("threads", po::value<int>()->value_name("N"), "worker threads (default: all cores)");
    verb.positional = {"run"};
    verb.run = write_gallery;
    return verb;
}

}  // namespace misfire
