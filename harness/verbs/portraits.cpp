#include "harness/portraits.h"

#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "harness/environment.h"
#include "harness/pictures/contact_sheet.h"
#include "harness/terminal.h"
#include "harness/verbs/model_arguments.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "harness/version.h"
#include "harness/whole_file.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/slug.h"

namespace misfire {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire portraits <model.pt or zoo:name>";
constexpr std::size_t most_classes = 100;

// Every picture says under it that it was made. Few variants: the classes fill the rows; otherwise a row per class.
SheetSection section_of(const Model& model, const std::vector<Portrait>& portraits, const PortraitOptions& options) {
    constexpr std::size_t across = 5;
    const std::size_t columns =
        options.variants > 1 ? static_cast<std::size_t>(options.variants) : std::min(across, portraits.size());
    SheetSection section;
    section.caption =
        "What the model looks for, not what there is: each image was made from noise by following the model's "
        "gradient uphill (" +
        std::to_string(options.steps) + " steps, regularised). p: the model's probability of the class.";
    section.columns.resize(columns);
    for (std::size_t i = 0; i < portraits.size(); ++i) {
        if (i % columns == 0) section.rows.emplace_back();
        const Portrait& portrait = portraits[i];
        SheetCell cell;
        cell.image = portrait.image;
        cell.caption = "made: " + class_name(model.info(), portrait.label) + ", p " + fixed(portrait.probability, 3);
        section.rows.back().cells.push_back(std::move(cell));
    }
    return section;
}

nlohmann::json json_of(const Model& model, const std::vector<Portrait>& portraits, const PortraitOptions& options,
                       const fs::path& file, double seconds) {
    nlohmann::json list = nlohmann::json::array();
    for (const Portrait& portrait : portraits) {
        list.push_back({{"class", portrait.label},
                        {"name", class_name(model.info(), portrait.label)},
                        {"variant", portrait.variant},
                        {"made", true},
                        {"probability", portrait.probability},
                        {"probability_of_noise", portrait.at_start}});
    }
    return {{"model", model.info().path}, {"sha256", model.info().sha256}, {"sheet", file.string()},
            {"seed", options.seed},       {"steps", options.steps},        {"seconds", seconds},
            {"portraits", list}};
}

void write_images(const Model& model, const std::vector<Portrait>& portraits, const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw StoreError("The folder " + folder.string() + " cannot be made: " + error.message() + ".");
    for (const Portrait& portrait : portraits) {
        const std::string name = "made-" + std::to_string(portrait.label) + "-" +
                                 to_slug(class_name(model.info(), portrait.label)) + "-" +
                                 std::to_string(portrait.variant) + ".png";
        write_whole_file(folder / name, encode_png(portrait.image));
    }
}

int portraits(const Arguments& arguments) {
    const std::string reference = required(arguments, "model", usage);
    PortraitOptions options;
    options.variants = whole_from(arguments, "variants", 1, 20, 1);
    options.steps = whole_from(arguments, "steps", 1, 100'000, options.steps);
    options.seed = static_cast<std::uint64_t>(whole_from(arguments, "seed", 0, std::numeric_limits<int>::max(), 0));
    options.jitter = number_from(arguments, "jitter", 0.0, 0.5, options.jitter);
    options.blur = number_from(arguments, "blur", 0.0, 10.0, options.blur);
    options.total_variation = number_from(arguments, "total-variation", 0.0, 100.0, options.total_variation);
    options.threads = threads_from(arguments) > 0 ? threads_from(arguments) : processor_count();
    SheetTheme theme;
    theme.cell = whole_from(arguments, "cell", 16, 4096, static_cast<int>(theme.cell));
    const fs::path given = arguments.count("out") != 0 ? arguments["out"].as<std::string>() : "";
    if (!given.empty()) require_sheet_name(given);  // before the work, not after it
    const std::unique_ptr<Model> model = model_from(reference, arguments);
    const fs::path file = given.empty() ? fs::path(model->info().name + "-portraits.png") : given;
    options.classes = classes_from(arguments, model->info(), most_classes);
    const auto start = std::chrono::steady_clock::now();
    const std::vector<Portrait> made = make_portraits(*model, options);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ContactSheet sheet;
    sheet.title = "Class portraits of " + model->info().name;
    sheet.sections.push_back(section_of(*model, made, options));
    sheet.footer = "made, not found · seed " + std::to_string(options.seed) + " · misfire " + version();
    write_sheet(sheet, theme, file);
    if (arguments.count("images") != 0) write_images(*model, made, arguments["images"].as<std::string>());
    if (arguments.count("json") != 0)
        std::cout << json_of(*model, made, options, file, seconds).dump(2) << "\n";
    else
        std::cout << file.string() << "\n";
    return exit_fine;
}

}  // namespace

Verb portraits_verb() {
    Verb verb;
    verb.name = "portraits";
    verb.synopsis = "<model.pt or zoo:name>";
    verb.summary = "Draw what a model takes for a perfect example of each class";
    verb.description =
        "Starts from noise and follows the gradient of the model's answer uphill, for all classes at once: what comes "
        "out is "
        "an image that the model is as sure of as can be. Moving it about at every step, smoothing the gradient and "
        "holding neighbouring pixels together keep it from becoming noise that only the model sees. All of these "
        "images "
        "are made, not found, and are labelled so.\n\n"
        "The model must be differentiable: a quantised one has no gradient to follow. The file's name is printed. The "
        "same seed gives the same pictures on the same machine.";
    verb.examples = {
        {"misfire portraits zoo:fashion_resnet -o sheet.png", "ten classes of clothes as the model would have them"},
        {"misfire portraits zoo:cifar10_resnet20 --classes cat,dog --variants 4 --images made",
         "four of each, also as single images"},
        {"misfire portraits net.pt --size 224 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --classes 0,7,42",
         "a model without a card"}};
    verb.options.add_options()  //
        ("out,o", po::value<std::string>()->value_name("FILE"),
         ".png, .jpg or .pdf, also as -o (default: <model>-portraits.png here)")                                      //
        ("classes", po::value<std::string>()->value_name("LIST"), "names or numbers by comma (default: all)")         //
        ("variants", po::value<int>()->value_name("N"), "portraits of each class, from different noise (default 1)")  //
        ("steps", po::value<int>()->value_name("N"), "steps uphill (default 200)")                                    //
        ("seed", po::value<int>()->value_name("N"), "of noise and moves (default 0)")                                 //
        ("jitter", po::value<double>()->value_name("SHARE"),
         "how far the image is moved about, as a share of its side (default 0.083)")                             //
        ("blur", po::value<double>()->value_name("X"), "smoothing of the gradient, times the default; 0: none")  //
        ("total-variation", po::value<double>()->value_name("X"),
         "pull between neighbouring pixels, times the default; 0: none")                                     //
        ("images", po::value<std::string>()->value_name("FOLDER"), "also write each image as made-*.png")    //
        ("cell", po::value<int>()->value_name("PX"), "longer side of an image on the sheet (default: 160)")  //
        ("threads", po::value<int>()->value_name("N"), "worker threads (default: all cores)")                //
        ("json", "print what was made as JSON");
    verb.options.add(model_options());
    verb.positional = {"model"};
    verb.run = portraits;
    return verb;
}

}  // namespace misfire
