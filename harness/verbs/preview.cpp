#include <filesystem>
#include <iostream>

#include "core/error.h"
#include "harness/image_arguments.h"
#include "harness/known_metrics.h"
#include "harness/ood.h"
#include "harness/preview.h"
#include "harness/setup.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "models/card.h"
#include "models/zoo.h"
#include "results/metrics/registry.h"
#include "scenarios/data/select.h"
#include "scenarios/data/slug.h"

namespace misfire {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire preview <scenario, folder, image, array or zoo:name>";
constexpr const char* default_perturb = "imagenet-c";
constexpr int most_samples = 100;
constexpr int smallest_cell = 16;
constexpr int largest_cell = 4096;

struct Shown {
    Scenario scenario;
    std::unique_ptr<Dataset> data;
    PreviewOptions options;
};

int number_from(const Arguments& arguments, const std::string& name, int low, int high, int otherwise) {
    if (arguments.count(name) == 0) return otherwise;
    const int value = arguments[name].as<int>();
    if (value < low || value > high) {
        throw UsageError("--" + name + " " + std::to_string(value) + " is outside " + std::to_string(low) + " to " +
                         std::to_string(high) + ".");
    }
    return value;
}

// What a model is shown: the scenario's word, or the card's; the model itself is not loaded.
Geometry geometry_of(const ModelSpec& model, const Scenario& scenario) {
    if (model.input.geometry) return *model.input.geometry;
    if (scenario.input.geometry) return *scenario.input.geometry;
    const std::optional<Card> card = read_card(resolve_model(model.file));
    return card && card->geometry ? *card->geometry : Geometry{};
}

Shown show_scenario(const std::string& text, const Arguments& arguments) {
    for (const char* name : {"perturb", "severities", "option", "independent-levels", "size", "resize", "crop"}) {
        if (arguments.count(name) == 0) continue;
        throw UsageError("--" + std::string(name) +
                         " goes with images; a scenario says this itself. Change it with --set, such as --set "
                         "shifts.0.severities=1-3.");
    }
    std::vector<std::string> overrides;
    if (arguments.count("set") != 0) overrides = arguments["set"].as<std::vector<std::string>>();
    if (arguments.count("seed") != 0) overrides.push_back("seed=" + arguments["seed"].as<std::string>());
    Shown shown;
    shown.scenario = read_scenario(find_scenario(text), overrides, known_metrics());
    shown.data = open_known_data(shown.scenario);
    shown.options.title = shown.scenario.name;
    shown.options.geometry = geometry_of(shown.scenario.models.front(), shown.scenario);
    for (const ModelSpec& model : shown.scenario.models) {
        if (geometry_of(model, shown.scenario) == shown.options.geometry) continue;
        std::cerr << "misfire: the models see images of different geometry; this is what "
                  << shown.scenario.models.front().name << " sees\n";
        break;
    }
    return shown;
}

Shown show_images(const std::string& text, const Arguments& arguments) {
    if (arguments.count("set") != 0)
        throw UsageError("--set goes with a scenario; images take --perturb, --severities and --option.");
    const ImageInput input = find_image_input(text, "", WantLabels::no);
    Shown shown;
    shown.scenario = scenario_of_images(arguments, input, default_perturb);
    shown.data = open_image_input(input);
    shown.options.title = shown.data->info().name;
    shown.options.geometry = geometry_from(arguments);
    return shown;
}

int preview(const Arguments& arguments) {
    const std::string text = required(arguments, "what", usage);
    const auto samples = static_cast<std::size_t>(number_from(arguments, "samples", 1, most_samples, 1));
    SheetTheme theme;
    theme.cell = number_from(arguments, "cell", smallest_cell, largest_cell, static_cast<int>(theme.cell));
    Shown shown = is_image_input(text) ? show_images(text, arguments) : show_scenario(text, arguments);
    if (shown.data->table() != nullptr)
        throw UsageError("`misfire preview` draws images, and the data of this scenario is a table.");
    for (const std::string& note : shown.scenario.notes) std::cerr << "misfire: " << note << "\n";
    shown.options.seed = shown.scenario.seed;
    shown.options.samples = samples;
    const fs::path file = arguments.count("out") != 0 ? arguments["out"].as<std::string>()
                                                      : to_slug(shown.options.title) + "-preview.png";
    require_sheet_name(file);  // before the work, not after it
    const auto shifts = open_shifts(shown.scenario, *shown.data, image_sizes({shown.options.geometry}, *shown.data, 0),
                                    select_samples(*shown.data, samples, shown.options.seed));
    require_effect(shifts, shown.options.geometry);
    const Preview preview = make_preview(*shown.data, shifts, shown.options);
    write_sheet(preview.sheet, theme, file);
    std::cout << file.string() << "\n";
    return preview.empty_cells > 0 ? exit_undecided : exit_fine;
}

}  // namespace

Verb preview_verb() {
    Verb verb;
    verb.name = "preview";
    verb.synopsis = "<scenario, folder, image, array or zoo:name>";
    verb.summary = "Draw what the perturbations do to a few images, without running a model";
    verb.description =
        "Writes a contact sheet: a row per perturbation, the clean image first, then a column per severity. Of a "
        "scenario it shows the data as its (first) model would see them; models are not loaded. Of images it shows "
        "--perturb (default: imagenet-c). Which samples of a data set are shown follows from the seed. A PDF has a "
        "page "
        "per sample.\n\n"
        "The file's name is printed. Exit code 3: some places stayed empty, the reason is on standard error.";
    verb.examples = {
        {"misfire preview demo", "one sample of the demonstration, into demo-preview.png"},
        {"misfire preview cat.jpg --perturb fog,snow,frost_synthetic --size 224 --out cat.png",
         "one picture in bad weather"},
        {"misfire preview zoo:fashion_test --perturb noise --samples 4 --out sheet.pdf", "four samples, a page each"}};
    verb.options.add_options()  //
        ("out,o", po::value<std::string>()->value_name("FILE"),
         ".png, .jpg or .pdf, also as -o (default: <name>-preview.png here)")                          //
        ("samples", po::value<int>()->value_name("N"), "how many samples of a data set (default: 1)")  //
        ("cell", po::value<int>()->value_name("PX"),
         "longer side of an image on the sheet (default: 160); small images are enlarged by a whole factor")  //
        ("set", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
         "override a key of the scenario; may be repeated");
    verb.options.add(image_options());
    verb.positional = {"what"};
    verb.run = preview;
    return verb;
}

}  // namespace misfire
