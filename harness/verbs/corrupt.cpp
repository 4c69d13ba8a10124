#include <algorithm>
#include <iostream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/corrupt/corrupt_run.h"
#include "harness/environment.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire corrupt <in> <out> --perturb NAME";

CorruptFormat format_from(const Arguments& arguments) {
    if (arguments.count("format") == 0) return CorruptFormat::png;
    const std::string name = arguments["format"].as<std::string>();
    const std::vector<std::string>& names = corrupt_format_names();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw UsageError("There is no format `" + name + "`." + did_you_mean(name, names));
    return static_cast<CorruptFormat>(found - names.begin());
}

int quality_from(const Arguments& arguments, CorruptFormat format) {
    if (arguments.count("quality") == 0) return CorruptOptions{}.quality;
    const int quality = arguments["quality"].as<int>();
    if (format != CorruptFormat::jpeg) {
        throw UsageError(format == CorruptFormat::imagenet_c
                             ? "--quality goes with --format jpeg: the files of ImageNet-C have quality 85."
                             : "--quality goes with --format jpeg.");
    }
    if (quality < 1 || quality > 100)
        throw UsageError("--quality " + std::to_string(quality) + " is outside 1 to 100.");
    return quality;
}

// The command that would repeat this one, for the record; threads and output do not belong to it.
std::string repeated_command(const Arguments& arguments) {
    std::string command = "misfire corrupt " + shell_quoted(arguments["in"].as<std::string>()) + " " +
                          shell_quoted(arguments["out"].as<std::string>());
    for (const char* name : {"perturb", "option"}) {
        if (arguments.count(name) == 0) continue;
        for (const std::string& value : arguments[name].as<std::vector<std::string>>())
            command += std::string(" --") + name + " " + shell_quoted(value);
    }
    for (const char* name : {"severities", "seed", "labels", "format"}) {
        if (arguments.count(name) != 0)
            command += std::string(" --") + name + " " + shell_quoted(arguments[name].as<std::string>());
    }
    for (const char* name : {"size", "resize", "crop", "quality"}) {
        if (arguments.count(name) != 0)
            command += std::string(" --") + name + " " + std::to_string(arguments[name].as<int>());
    }
    if (arguments.count("independent-levels") != 0) command += " --independent-levels";
    return command;
}

// ImageNet-C is 224 x 224.
void take_published_geometry(Scenario& scenario, CorruptOptions& options) {
    if (options.format != CorruptFormat::imagenet_c || scenario.input.geometry) return;
    Geometry geometry;
    geometry.kind = Geometry::Kind::shorter_side_then_crop;
    geometry.resize = 256;
    geometry.crop = 224;
    scenario.input.geometry = geometry;
    options.keep_final_size = true;
}

int corrupt(const Arguments& arguments) {
    CorruptOptions options;
    const std::string in = required(arguments, "in", usage);
    options.out = required(arguments, "out", usage);
    options.format = format_from(arguments);
    options.quality = quality_from(arguments, options.format);
    const std::string labels = arguments.count("labels") != 0 ? arguments["labels"].as<std::string>() : "";
    const bool cifar_c = options.format == CorruptFormat::cifar_c;
    const ImageInput input = find_image_input(in, labels, cifar_c ? WantLabels::yes : WantLabels::no);
    if (cifar_c && labels.empty() && (!input.file.empty() || !input.data.npy.empty())) {
        throw UsageError("CIFAR-10-C comes with labels. Give --labels labels.npy, or say --labels none.");
    }
    Scenario scenario = scenario_of_images(arguments, input);
    for (const std::string& note : scenario.notes) std::cerr << "misfire: " << note << "\n";
    options.clean = wants_clean(arguments);
    take_published_geometry(scenario, options);
    options.threads = threads_from(arguments) > 0 ? threads_from(arguments) : processor_count();
    options.force = arguments.count("force") != 0;
    options.json = arguments.count("json") != 0;
    options.command = repeated_command(arguments);
    return corrupt_images(input, scenario, options);
}

}  // namespace

Verb corrupt_verb() {
    Verb verb;
    verb.name = "corrupt";
    verb.synopsis = "<in> <out>";
    verb.summary = "Write perturbed images, without a model";
    verb.description =
        "Perturbs every image of <in>, a folder (at any depth), one image, a .npy array or zoo:<name>, and writes "
        "<out>/<name>/<severity>/<relative path>. With the same seed the pixels are those that `misfire run` shows its "
        "models. Killed or interrupted, the same command goes on where it stopped. manifest.csv has a row per image, "
        "corrupt.yaml what is needed to make them again.\n\n"
        "Formats: png (lossless), jpeg (4:4:4), npy (one array per name and severity), imagenet-c (the tree of "
        "ImageNet-C: class folders, 224 x 224, JPEG of quality 85) and cifar-c (the arrays of CIFAR-10-C: severities "
        "one after the other, and labels.npy).\n\n"
        "An image that cannot be read is reported and left out; the exit code is 3 then.";
    verb.examples = {
        {"misfire corrupt photos out --perturb fog,snow --severities 1-5", "five severities of two perturbations"},
        {"misfire corrupt photos photos-c --perturb imagenet-c --format imagenet-c", "ImageNet-C of your own images"},
        {"misfire corrupt zoo:fashion_test fashion-c --perturb noise --format cifar-c",
         "CIFAR-10-C arrays of a shipped set"},
        {"misfire corrupt cat.jpg cats --perturb gaussian_blur+jpeg_compression --severities 0-5+0.5 --size 224",
         "one image, a chain, half steps and the clean image"}};
    verb.options.add(image_options());
    verb.options.add_options()  //
        ("format", po::value<std::string>()->value_name("NAME"),
         "png (default), jpeg, npy, imagenet-c or cifar-c")                                         //
        ("quality", po::value<int>()->value_name("N"), "of --format jpeg, 1 to 100 (default: 95)")  //
        ("labels", po::value<std::string>()->value_name("FILE"),
         "labels of the images: a CSV table for a folder, .npy or text for an array; none: leave labels out")  //
        ("threads", po::value<int>()->value_name("N"),
         "worker threads (default: all cores); results do not depend on it")     //
        ("force", "start over where <out> holds the result of another command")  //
        ("json", "the summary as JSON");
    verb.positional = {"in", "out"};
    verb.run = corrupt;
    return verb;
}

}  // namespace misfire
