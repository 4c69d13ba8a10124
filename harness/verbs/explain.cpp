#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/environment.h"
#include "harness/explain_run.h"
#include "harness/pictures/contact_sheet.h"
#include "harness/saliency.h"
#include "harness/terminal.h"
#include "harness/verbs/model_arguments.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "harness/version.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/geometry.h"

namespace misfire {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

constexpr const char* usage =
    "misfire explain <model.pt or zoo:name> <image>..., or misfire explain --run <folder> --cell <name>";

const char* title_of(SaliencyMethod method) {
    switch (method) {
        case SaliencyMethod::occlusion: return "occlusion";
        case SaliencyMethod::gradient_input: return "gradient × input";
        case SaliencyMethod::smoothgrad: return "SmoothGrad";
    }
    return "";
}

std::vector<SaliencyMethod> methods_from(const Arguments& arguments) {
    SaliencyOptions options;
    if (arguments.count("methods") == 0) return options.methods;
    std::vector<std::string> known;
    for (const SaliencyMethod method : options.methods) known.emplace_back(name_of(method));
    std::vector<SaliencyMethod> methods;
    std::string text = arguments["methods"].as<std::string>() + ",";
    for (std::size_t comma = 0; (comma = text.find(',')) != std::string::npos; text.erase(0, comma + 1)) {
        const std::string word = text.substr(0, comma);
        const auto found = std::find(known.begin(), known.end(), word);
        if (found == known.end()) throw UsageError("There is no method `" + word + "`." + did_you_mean(word, known));
        methods.push_back(options.methods[static_cast<std::size_t>(found - known.begin())]);
    }
    return methods;
}

struct Explained {
    Subjects::Item item;
    Explanation explanation;
};

SheetRow row_of(const Subjects& subjects, const Explained& one) {
    SheetRow row;
    row.label = one.item.name;
    SheetCell seen;
    seen.image = one.item.image;
    const Explanation& found = one.explanation;
    seen.caption = subjects.class_name(found.prediction) + ", p " + fixed(found.confidence, 3);
    if (!one.item.truth.empty() && one.item.truth != subjects.class_name(found.prediction))
        seen.caption += "\nis " + one.item.truth;
    if (found.label != found.prediction)
        seen.caption += "\nexplained: " + subjects.class_name(found.label) + ", p " + fixed(found.probability, 3);
    row.cells.push_back(std::move(seen));
    for (const SaliencyMap& map : found.maps) {
        SheetCell cell;
        if (map.skipped.empty()) {
            cell.image = overlay(one.item.image, map.values);
            cell.caption = "p " + fixed(found.probability, 2) + " → " + fixed(found.probability - map.drop, 2);
        } else {
            cell.note = map.skipped;
        }
        row.cells.push_back(std::move(cell));
    }
    return row;
}

ContactSheet sheet_of(const Subjects& subjects, const std::vector<Explained>& all, const SaliencyOptions& options) {
    ContactSheet sheet;
    sheet.title = subjects.title;
    SheetSection section;
    const std::string share = fixed(100.0 * options.removed, 0) + " %";
    section.caption =
        "Red to yellow: what counts for the answer. Below each map: the probability before and after the " + share +
        " of the pixels that count most are painted over with the mean colour.";
    section.columns.emplace_back("what it sees");
    for (const SaliencyMethod method : options.methods) section.columns.emplace_back(title_of(method));
    for (const Explained& one : all) section.rows.push_back(row_of(subjects, one));
    sheet.sections.push_back(std::move(section));
    sheet.footer = "seed " + std::to_string(options.seed) + " · misfire " + version();
    return sheet;
}

nlohmann::json json_of(const Subjects& subjects, const Explained& one) {
    const Explanation& found = one.explanation;
    nlohmann::json maps = nlohmann::json::array();
    for (const SaliencyMap& map : found.maps) {
        if (!map.skipped.empty()) {
            maps.push_back({{"method", name_of(map.method)}, {"status", "skipped"}, {"message", map.skipped}});
            continue;
        }
        maps.push_back({{"method", name_of(map.method)},
                        {"status", "ok"},
                        {"drop", map.drop},
                        {"deletion", map.deletion},
                        {"deletion_area", map.deletion_area}});
    }
    return {{"image", one.item.name},
            {"truth", one.item.truth},
            {"prediction", subjects.class_name(found.prediction)},
            {"confidence", found.confidence},
            {"explained", subjects.class_name(found.label)},
            {"probability", found.probability},
            {"drop_at_random", found.random_drop},
            {"maps", maps}};
}

// A line per image and method, for people.
void print(const Subjects& subjects, const std::vector<Explained>& all, const SaliencyOptions& options) {
    TextTable table(
        {"image", "answer", "p", "method", "drop at " + fixed(100.0 * options.removed, 0) + " %", "at random"}, true);
    for (const Explained& one : all) {
        for (const SaliencyMap& map : one.explanation.maps) {
            table.add({one.item.name, subjects.class_name(one.explanation.label), fixed(one.explanation.probability, 3),
                       name_of(map.method), map.skipped.empty() ? fixed(map.drop, 3) : map.skipped,
                       fixed(one.explanation.random_drop, 3)});
        }
    }
    std::cout << table.text();
}

Subjects subjects_from(const Arguments& arguments) {
    const bool run = arguments.count("run") != 0;
    if (run && arguments.count("model") != 0)
        throw UsageError("Give either a model with images, or --run with --cell: the run knows its model.");
    if (run) {
        if (arguments.count("cell") == 0)
            throw UsageError("--run goes with --cell <model>/<shift>/<level>; `misfire plan` shows the names.");
        return failures_of_run(arguments["run"].as<std::string>(), arguments["cell"].as<std::string>(),
                               static_cast<std::size_t>(whole_from(arguments, "worst", 1, 100, 6)));
    }
    for (const char* name : {"cell", "worst"}) {
        if (arguments.count(name) != 0) throw UsageError("--" + std::string(name) + " goes with --run.");
    }
    Subjects subjects;
    subjects.model = model_from(required(arguments, "model", usage), arguments);
    if (arguments.count("image") == 0)
        throw UsageError(std::string("There is no image to explain. Usage: ") + usage + ".");
    for (const std::string& name : arguments["image"].as<std::vector<std::string>>()) {
        Image image = apply_geometry(decode_image(name), subjects.model->info().geometry);
        subjects.items.push_back({fs::path(name).filename().string(), "", -1, std::move(image)});
    }
    subjects.class_names = subjects.model->info().class_names;
    subjects.title = "Where " + subjects.model->info().name + " looks";
    return subjects;
}

int explain_verb_run(const Arguments& arguments) {
    SaliencyOptions options;
    options.methods = methods_from(arguments);
    options.patch = number_from(arguments, "patch", 0.01, 1.0, options.patch);
    options.noisy_copies = whole_from(arguments, "noisy-copies", 1, 10'000, options.noisy_copies);
    options.noise = number_from(arguments, "noise", 0.0, 10.0, options.noise);
    options.removed = number_from(arguments, "removed", 0.001, 1.0, options.removed);
    options.seed = static_cast<std::uint64_t>(whole_from(arguments, "seed", 0, std::numeric_limits<int>::max(), 0));
    SheetTheme theme;
    theme.cell = whole_from(arguments, "cell-size", 16, 4096, static_cast<int>(theme.cell));
    const fs::path given = arguments.count("out") != 0 ? arguments["out"].as<std::string>() : "";
    if (!given.empty()) require_sheet_name(given);
    const Subjects subjects = subjects_from(arguments);
    const ModelInfo& model = subjects.model->info();
    std::int64_t label = -1;
    if (arguments.count("class") != 0) label = class_from(arguments["class"].as<std::string>(), model);
    std::vector<Explained> all;
    for (const Subjects::Item& item : subjects.items)
        all.push_back({item, explain(*subjects.model, item.image, label, options)});
    const fs::path file = given.empty() ? fs::path(model.name + "-explained.png") : given;
    write_sheet(sheet_of(subjects, all, options), theme, file);
    if (arguments.count("json") != 0) {
        nlohmann::json list = nlohmann::json::array();
        for (const Explained& one : all) list.push_back(json_of(subjects, one));
        std::cout << nlohmann::json({{"model", model.path},
                                     {"sha256", model.sha256},
                                     {"sheet", file.string()},
                                     {"removed", options.removed},
                                     {"seed", options.seed},
                                     {"images", list}})
                         .dump(2)
                  << "\n";
        return exit_fine;
    }
    print(subjects, all, options);
    std::cout << "\n" << file.string() << "\n";
    return exit_fine;
}

}  // namespace

Verb explain_verb() {
    Verb verb;
    verb.name = "explain";
    verb.synopsis = "<model.pt or zoo:name> <image>...";
    verb.summary =
        "Show where a model looks: maps over images, and what is left of the answer without what counts most";
    verb.description =
        "Three maps over each image: occlusion (what the answer loses when a patch is covered; any model), gradient x "
        "input "
        "and SmoothGrad (differentiable models; others are skipped with the reason). And a number that says whether a "
        "map is "
        "right: how far the probability falls when the 10 % of the pixels that count most are painted over with the "
        "mean "
        "colour, beside the same with pixels at random. --json has the whole deletion curve, too.\n\n"
        "--run takes its images from a finished run instead: the mistakes of one cell, most confident first, as they "
        "were "
        "shown to the model.";
    verb.examples = {
        {"misfire explain zoo:cifar10_resnet20 cat.jpg dog.jpg -o maps.png", "why the model answers what it answers"},
        {"misfire explain zoo:cifar10_resnet20 cat.jpg --class dog --methods occlusion", "what in it looks like a dog"},
        {"misfire explain --run runs/demo --cell fashion_resnet/gaussian_noise/5 --worst 8",
         "the eight most confident mistakes of a cell"}};
    verb.options.add_options()  //
        ("out,o", po::value<std::string>()->value_name("FILE"),
         ".png, .jpg or .pdf, also as -o (default: <model>-explained.png here)")                             //
        ("run", po::value<std::string>()->value_name("FOLDER"), "a run whose mistakes are explained")        //
        ("cell", po::value<std::string>()->value_name("NAME"), "of the run: <model>/<shift>/<level>")        //
        ("worst", po::value<int>()->value_name("N"), "of the run: how many mistakes, 1 to 100 (default 6)")  //
        ("class", po::value<std::string>()->value_name("NAME"),
         "class to explain, name or number (default: the model's answer)")  //
        ("methods", po::value<std::string>()->value_name("LIST"),
         "occlusion,gradient_input,smoothgrad (default: all)")                                                      //
        ("removed", po::value<double>()->value_name("SHARE"), "share of the pixels that is removed (default 0.1)")  //
        ("patch", po::value<double>()->value_name("SHARE"),
         "side of the covering patch, of the shorter side (default 0.125)")                //
        ("noisy-copies", po::value<int>()->value_name("N"), "of SmoothGrad (default 32)")  //
        ("noise", po::value<double>()->value_name("SHARE"),
         "its standard deviation, of the range of the input (default 0.15)")                                      //
        ("seed", po::value<int>()->value_name("N"), "of its noise and of the random order (default 0)")           //
        ("cell-size", po::value<int>()->value_name("PX"), "longer side of an image on the sheet (default: 160)")  //
        ("json", "print answers, drops and deletion curves as JSON");
    verb.options.add(model_options());
    verb.positional = {"model", "image..."};
    verb.run = explain_verb_run;
    return verb;
}

}  // namespace misfire
