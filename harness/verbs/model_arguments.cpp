#include "harness/verbs/model_arguments.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/image_arguments.h"
#include "models/card.h"
#include "models/torchscript.h"
#include "models/zoo.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
    return parts;
}

std::vector<double> numbers_from(const Arguments& arguments, const std::string& name) {
    std::vector<double> numbers;
    if (arguments.count(name) == 0) return numbers;
    for (const std::string& part : parts_of(arguments[name].as<std::string>())) {
        double value = 0.0;
        const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (fault != std::errc() || end != part.data() + part.size())
            throw UsageError("`" + part + "` in --" + name + " is no number. Write --" + name + " 0.485,0.456,0.406.");
        numbers.push_back(value);
    }
    if (numbers.size() != 1 && numbers.size() != 3)
        throw UsageError("--" + name + " has " + std::to_string(numbers.size()) +
                         " numbers: one (grey) or three (RGB) are expected.");
    return numbers;
}

std::optional<TensorForm> tensor_from(const Arguments& arguments) {
    TensorForm form;
    form.mean = numbers_from(arguments, "mean");
    form.std = numbers_from(arguments, "std");
    if (form.mean.empty() && form.std.empty()) return std::nullopt;
    if (!form.mean.empty() && !form.std.empty() && form.mean.size() != form.std.size())
        throw UsageError("--mean and --std have different numbers of channels.");
    if (std::find(form.std.begin(), form.std.end(), 0.0) != form.std.end())
        throw UsageError("A --std of 0 cannot divide.");
    form.channels = static_cast<int>(std::max(form.mean.size(), form.std.size()));
    return form;
}

std::optional<OutputKind> output_from(const Arguments& arguments) {
    if (arguments.count("output") == 0) return std::nullopt;
    const std::string name = arguments["output"].as<std::string>();
    for (const OutputKind kind : {OutputKind::logits, OutputKind::probabilities, OutputKind::log_probabilities}) {
        if (name == name_of(kind)) return kind;
    }
    throw UsageError("--output " + name + " is none of logits, probabilities, log-probabilities.");
}

}  // namespace

po::options_description model_options() {
    po::options_description options;
    options.add_options()                                                                                          //
        ("size", po::value<int>()->value_name("PX"), "images are resized to PX x PX (default: the model's card)")  //
        ("resize", po::value<int>()->value_name("PX"), "shorter side to PX before --crop")                         //
        ("crop", po::value<int>()->value_name("PX"), "central PX x PX")                                            //
        ("mean", po::value<std::string>()->value_name("R,G,B"), "of pixels in 0..1 (default: the model's card)")   //
        ("std", po::value<std::string>()->value_name("R,G,B"), "likewise")                                         //
        ("output", po::value<std::string>()->value_name("KIND"),
         "logits, probabilities or log-probabilities (default: the card, or seen)")                           //
        ("output-key", po::value<std::string>()->value_name("KEY"), "part of the answer that is the output")  //
        ("device", po::value<std::string>()->value_name("NAME"), "device of LibTorch (default cpu)")          //
        ("expect-sha256", po::value<std::string>()->value_name("HEX"), "refuse the file unless this is its SHA-256");
    return options;
}

std::unique_ptr<Model> model_from(const std::string& reference, const Arguments& arguments) {
    LoadOptions options;
    if (const Geometry geometry = geometry_from(arguments); geometry.kind != Geometry::Kind::none)
        options.geometry = geometry;
    options.tensor = tensor_from(arguments);
    options.output = output_from(arguments);
    if (arguments.count("output-key") != 0) options.output_key = arguments["output-key"].as<std::string>();
    if (arguments.count("device") != 0) options.device = arguments["device"].as<std::string>();
    if (arguments.count("expect-sha256") != 0) options.expect_sha256 = arguments["expect-sha256"].as<std::string>();
    const std::filesystem::path path = resolve_model(reference);
    const std::optional<Card> card = read_card(path);
    // Without a card the pixels of a given size are taken as they are, from 0 to 1.
    if (options.geometry && !options.tensor && !(card && card->tensor)) options.tensor = TensorForm{};
    return load_model(path, options);
}

std::string class_name(const ModelInfo& model, std::int64_t label) {
    const auto index = static_cast<std::size_t>(label);
    return index < model.class_names.size() ? model.class_names[index] : "class " + std::to_string(label);
}

std::int64_t class_from(const std::string& text, const ModelInfo& model) {
    const auto named = std::find(model.class_names.begin(), model.class_names.end(), text);
    if (named != model.class_names.end()) return named - model.class_names.begin();
    std::int64_t label = -1;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), label);
    if (fault != std::errc() || end != text.data() + text.size()) {
        throw UsageError("The model " + model.name + " has no class `" + text + "`." +
                         (model.class_names.empty() ? " Its card names none: give numbers."
                                                    : did_you_mean(text, model.class_names)));
    }
    if (label >= 0 && label < model.classes) return label;
    throw UsageError("There is no class " + text + ": the model " + model.name + " has classes 0 to " +
                     std::to_string(model.classes - 1) + ".");
}

std::vector<std::int64_t> classes_from(const Arguments& arguments, const ModelInfo& model, std::size_t most) {
    std::vector<std::int64_t> classes;
    if (arguments.count("classes") == 0) {
        for (std::int64_t label = 0; label < model.classes; ++label) classes.push_back(label);
        if (classes.size() > most) {
            throw UsageError("The model " + model.name + " has " + std::to_string(model.classes) +
                             " classes, and up to " + std::to_string(most) +
                             " are shown: choose with --classes 0,7,42.");
        }
        return classes;
    }
    for (const std::string& part : parts_of(arguments["classes"].as<std::string>())) {
        classes.push_back(class_from(part, model));
    }
    if (classes.empty()) throw UsageError("--classes names no class.");
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    return classes;
}

int whole_from(const Arguments& arguments, const std::string& name, int low, int high, int otherwise) {
    if (arguments.count(name) == 0) return otherwise;
    const int value = arguments[name].as<int>();
    if (value >= low && value <= high) return value;
    throw UsageError("--" + name + " " + std::to_string(value) + " is outside " + std::to_string(low) + " to " +
                     std::to_string(high) + ".");
}

double number_from(const Arguments& arguments, const std::string& name, double low, double high, double otherwise) {
    if (arguments.count(name) == 0) return otherwise;
    const double value = arguments[name].as<double>();
    if (value >= low && value <= high) return value;
    std::ostringstream text;
    text << "--" << name << " " << value << " is outside " << low << " to " << high << ".";
    throw UsageError(text.str());
}

}  // namespace misfire
