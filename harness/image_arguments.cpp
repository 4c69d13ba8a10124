#include "harness/image_arguments.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <system_error>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/slug.h"
#include "scenarios/data/zoo_data.h"
#include "scenarios/scenario_shifts.h"
#include "scenarios/severities.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

constexpr const char* default_severities = "1-5";
constexpr int largest_side = 16384;

// One image file as a data set.
class OneImage : public Dataset {
  public:
    explicit OneImage(fs::path file) : file_(std::move(file)), key_{file_.filename().string(), std::nullopt, {}} {
        info_.name = to_slug(file_.stem().string());
    }
    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return 1; }
    const SampleKey& key(std::size_t) const override { return key_; }
    Sample at(std::size_t) const override { return {key_, decode_image(file_)}; }

  private:
    fs::path file_;
    SampleKey key_;
    DatasetInfo info_;
};

// "fog,snow" -> fog, snow; commas inside {}, [] or () belong to one word.
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words(1);
    int depth = 0;
    for (const char c : text) {
        if (c == '{' || c == '[' || c == '(') ++depth;
        if (c == '}' || c == ']' || c == ')') --depth;
        if (c == ',' && depth == 0)
            words.emplace_back();
        else if (c != ' ' || !words.back().empty())
            words.back() += c;
    }
    return words;
}

// What stands in `perturb:` of a scenario: names, groups and chains as text, anything in braces as YAML.
YAML::Node perturb_node(const Arguments& arguments, const std::string& otherwise) {
    if (arguments.count("perturb") == 0 && otherwise.empty()) {
        throw UsageError(
            "What is missing is --perturb, such as --perturb fog. `misfire list perturbations` shows all.");
    }
    if (arguments.count("perturb") == 0) return YAML::Node(otherwise);
    YAML::Node list(YAML::NodeType::Sequence);
    std::vector<std::string> seen;
    for (const std::string& text : arguments["perturb"].as<std::vector<std::string>>()) {
        for (const std::string& word : words_of(text)) {
            if (word.empty())
                throw UsageError("`--perturb " + text + "` has an empty name: write names with commas between them.");
            if (std::find(seen.begin(), seen.end(), word) != seen.end()) continue;
            seen.push_back(word);
            try {
                list.push_back(word.front() == '{' ? YAML::Load(word) : YAML::Node(word));
            } catch (const YAML::ParserException& error) {
                throw UsageError("`--perturb " + word + "` is not valid YAML: " + error.msg + ".");
            }
        }
    }
    return list;
}

YAML::Node options_node(const Arguments& arguments) {
    YAML::Node options(YAML::NodeType::Map);
    for (const std::string& text : arguments["option"].as<std::vector<std::string>>()) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError("`--option " + text + "` has no value: write --option key=value, such as set=cifar-c.");
        options[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return options;
}

std::string severities_text(const Arguments& arguments) {
    return arguments.count("severities") != 0 ? arguments["severities"].as<std::string>() : default_severities;
}

// The entry of `shifts:` that the arguments stand for.
YAML::Node shift_node(const Arguments& arguments, const std::string& default_perturb) {
    YAML::Node shift;
    shift["perturb"] = perturb_node(arguments, default_perturb);
    shift["severities"] = severities_text(arguments);
    if (arguments.count("option") != 0) shift["options"] = options_node(arguments);
    if (arguments.count("independent-levels") != 0) shift["independent_levels"] = "true";
    return shift;
}

// The parser of scenarios says where in the file a mistake is; here that is an option.
[[noreturn]] void fail_as_option(const std::string& file, std::string message) {
    if (message.starts_with(file + ": ")) message.erase(0, file.size() + 2);
    const std::string advice = " already: give this one a `name`.";
    if (message.ends_with(advice))
        message.replace(message.size() - advice.size(), advice.size(),
                        " already, by itself or in a group: name it once.");
    for (const auto& [key, option] : {std::pair{"perturb", "--perturb"},
                                      {"severities", "--severities"},
                                      {"options", "--option"},
                                      {"independent_levels", "--independent-levels"},
                                      {"seed", "--seed"}}) {
        const std::size_t colon = message.find(": ");
        if (message.starts_with(key) && colon != std::string::npos) throw UsageError(option + message.substr(colon));
    }
    throw UsageError("--perturb: " + message);
}

int side_from(const Arguments& arguments, const char* name) {
    const int side = arguments[name].as<int>();
    if (side < 1 || side > largest_side) {
        throw UsageError("--" + std::string(name) + " " + std::to_string(side) + " is outside 1 to " +
                         std::to_string(largest_side) + " px.");
    }
    return side;
}

}  // namespace

po::options_description image_options() {
    po::options_description options;
    options.add_options()  //
        ("perturb", po::value<std::vector<std::string>>()->composing()->value_name("NAME"),
         "perturbation, group, or chain a+b, as in a scenario; several with commas or by repeating the option")  //
        ("severities", po::value<std::string>()->value_name("LIST"),
         "such as 1-5, 0-5+0.5 or 1,3,5 (default: 1-5); 0 is the clean image")  //
        ("option", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
         "option of the perturbations (misfire describe <name>); may be repeated")                             //
        ("independent-levels", "each severity draws anew, as the published sets did")                          //
        ("seed", po::value<std::string>()->value_name("N"), "everything random follows from it (default: 0)")  //
        ("size", po::value<int>()->value_name("PX"), "first resize images to PX x PX")                         //
        ("resize", po::value<int>()->value_name("PX"), "first resize the shorter side to PX; needs --crop")    //
        ("crop", po::value<int>()->value_name("PX"), "then cut out the central PX x PX; needs --resize");
    return options;
}

bool is_image_input(const std::string& text) {
    std::error_code ignored;
    return text.starts_with("zoo:") || fs::is_directory(text, ignored) || has_image_extension(text) ||
           fs::path(text).extension() == ".npy";
}

ImageInput find_image_input(const std::string& text, const std::string& labels, WantLabels want) {
    ImageInput input;
    input.data.labels_none = labels == "none";
    const std::string given = input.data.labels_none ? "" : labels;
    const auto absolute = [](const std::string& path) { return fs::absolute(path).lexically_normal(); };
    std::error_code ignored;
    if (text.starts_with("zoo:")) {
        if (!given.empty())
            throw UsageError("--labels " + given +
                             ": a zoo data set has its own labels; only `none` can be said here.");
        input.data.form = DataSpec::Form::zoo;
        input.data.zoo_name = text.substr(4);
    } else if (fs::is_directory(text, ignored)) {
        input.data.form = DataSpec::Form::images;
        input.data.images = absolute(text);
        if (!given.empty()) input.data.labels_csv = absolute(given);
        if (given.empty() && want == WantLabels::no) input.data.labels_none = true;
    } else if (!fs::is_regular_file(text, ignored)) {
        throw UsageError("There is no folder, image or array " + text +
                         ". Check the path; `misfire list data` shows the zoo sets.");
    } else if (fs::path(text).extension() == ".npy") {
        input.data.form = DataSpec::Form::npy;
        input.data.npy = absolute(text);
        if (!given.empty()) input.data.npy_labels = absolute(given);
        if (given.empty()) input.data.labels_none = true;
    } else if (has_image_extension(text)) {
        if (!given.empty()) throw UsageError("--labels " + given + ": one image takes no labels.");
        input.file = absolute(text);
    } else {
        throw UsageError(
            text + " is neither an image (.jpg, .png, .bmp, .tif, .webp, .ppm) nor an array (.npy) nor a folder.");
    }
    return input;
}

std::unique_ptr<Dataset> open_image_input(const ImageInput& input) {
    if (!input.file.empty()) return std::make_unique<OneImage>(input.file);
    return open_data(input.data);
}

Scenario scenario_of_images(const Arguments& arguments, const ImageInput& input, const std::string& default_perturb) {
    const std::string where = "the command line";
    Scenario scenario;
    scenario.file = where;
    scenario.data = input.data;
    const Geometry geometry = geometry_from(arguments);
    if (geometry.kind != Geometry::Kind::none) scenario.input.geometry = geometry;
    YAML::Node seed;
    seed["seed"] = arguments.count("seed") != 0 ? arguments["seed"].as<std::string>() : "0";
    try {
        scenario.seed = static_cast<std::uint64_t>(YamlReader(seed, where, "").at("seed").integer(0, INT64_MAX));
        scenario.shifts = read_shifts(YamlReader(shift_node(arguments, default_perturb), where, ""), fs::current_path(),
                                      scenario.notes);
    } catch (const ScenarioError& error) {
        fail_as_option(where, error.what());
    }
    return scenario;
}

bool wants_clean(const Arguments& arguments) {
    const std::vector<double> severities = parse_sweep(severities_text(arguments));
    return !severities.empty() && severities.front() == 0.0;
}

Geometry geometry_from(const Arguments& arguments) {
    Geometry geometry;
    const bool size = arguments.count("size") != 0;
    const bool resize = arguments.count("resize") != 0;
    const bool crop = arguments.count("crop") != 0;
    if (size && (resize || crop)) throw UsageError("Give either --size or --resize with --crop, not both.");
    if (resize != crop) {
        throw UsageError(std::string(resize ? "--resize" : "--crop") + " goes with " +
                         (resize ? "--crop" : "--resize") +
                         ": --resize 256 --crop 224, or --size 224 for a plain resize.");
    }
    if (size) {
        geometry.kind = Geometry::Kind::exact;
        geometry.height = geometry.width = side_from(arguments, "size");
    } else if (resize) {
        geometry.kind = Geometry::Kind::shorter_side_then_crop;
        geometry.resize = side_from(arguments, "resize");
        geometry.crop = side_from(arguments, "crop");
    }
    return geometry;
}

}  // namespace misfire
