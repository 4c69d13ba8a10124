#include "scenarios/scenario.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/install_paths.h"
#include "core/nearest_name.h"
#include "scenarios/data/slug.h"
#include "scenarios/overrides.h"
#include "scenarios/scenario_checks.h"
#include "scenarios/scenario_data.h"
#include "scenarios/scenario_metrics.h"
#include "scenarios/scenario_monitors.h"
#include "scenarios/scenario_scores.h"
#include "scenarios/scenario_shifts.h"
#include "scenarios/scenario_table.h"
#include "scenarios/scenario_template.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> output_names = {"logits", "probabilities", "log-probabilities", "regression"};

OutputKind read_output(const YamlReader& node) {
    const std::string name = node.choice(output_names);
    for (const OutputKind kind : {OutputKind::logits, OutputKind::probabilities, OutputKind::log_probabilities}) {
        if (name == name_of(kind)) return kind;
    }
    return OutputKind::regression;
}

Geometry read_geometry(const YamlReader& node) {
    Geometry geometry;
    if (node.is_scalar()) {
        node.choice({"none"});
        return geometry;
    }
    node.allow({"size", "resize", "crop"});
    if (node.has("size")) {
        if (node.has("resize") || node.has("crop")) node.fail("give either `size` or `resize` with `crop`, not both.");
        const std::vector<YamlReader> sides = node.at("size").items();
        if (sides.size() > 2) node.at("size").fail("one side or [height, width] is expected.");
        geometry.kind = Geometry::Kind::exact;
        geometry.height = static_cast<int>(sides.front().integer(1, 16384));
        geometry.width = static_cast<int>(sides.back().integer(1, 16384));
        return geometry;
    }
    geometry.kind = Geometry::Kind::shorter_side_then_crop;
    geometry.resize = static_cast<int>(node.at("resize").integer(1, 16384));
    geometry.crop = static_cast<int>(node.at("crop").integer(1, 16384));
    return geometry;
}

TensorForm read_tensor(const YamlReader& node) {
    node.allow({"channels", "scale", "mean", "std"});
    TensorForm form;
    if (node.has("scale")) form.scale = node.at("scale").number();
    if (form.scale == 0.0) node.at("scale").fail("the scale divides the pixels and cannot be 0.");
    if (node.has("mean")) form.mean = node.at("mean").numbers();
    if (node.has("std")) form.std = node.at("std").numbers();
    form.channels = static_cast<int>(std::max(form.mean.size(), form.std.size()));
    if (form.channels == 0) form.channels = 3;
    if (node.has("channels")) form.channels = static_cast<int>(node.at("channels").integer(1, 3));
    if (form.channels == 2) node.fail("a model of 2 channels cannot be fed with images: 1 (grey) or 3 (RGB).");
    for (const auto& [name, values] : {std::pair{"mean", &form.mean}, std::pair{"std", &form.std}}) {
        if (!values->empty() && values->size() != static_cast<std::size_t>(form.channels)) {
            node.at(name).fail(std::to_string(values->size()) + " values for " + std::to_string(form.channels) +
                               " channels: give one per channel.");
        }
    }
    if (std::find(form.std.begin(), form.std.end(), 0.0) != form.std.end())
        node.at("std").fail("a std of 0 cannot divide.");
    return form;
}

InputSpec read_input(const YamlReader& node) {
    node.allow({"geometry", "tensor"});
    InputSpec input;
    if (node.has("geometry")) input.geometry = read_geometry(node.at("geometry"));
    if (node.has("tensor")) input.tensor = read_tensor(node.at("tensor"));
    return input;
}

ModelSpec read_model(const YamlReader& node, const fs::path& folder) {
    ModelSpec model;
    model.optimize = "none";
    std::string file;
    if (node.is_scalar()) {
        file = node.text();
    } else {
        node.allow({"name", "path", "output", "output_key", "input", "engine", "optimize", "expect_sha256"});
        file = node.at("path").text();
        if (node.has("output")) model.output = read_output(node.at("output"));
        if (node.has("output_key")) model.output_key = node.at("output_key").text();
        if (node.has("input")) model.input = read_input(node.at("input"));
        if (node.has("engine")) model.engine = node.at("engine").choice({"onednn", "qnnpack"});
        if (node.has("optimize")) model.optimize = node.at("optimize").choice({"none", "freeze", "inference"});
        if (node.has("expect_sha256")) model.expect_sha256 = node.at("expect_sha256").text();
        if (node.has("name")) model.name = node.at("name").text();
    }
    const bool zoo = file.starts_with("zoo:");
    model.file = zoo ? file : absolute_path(file, folder);
    if (model.name.empty()) model.name = to_slug(zoo ? file.substr(4) : fs::path(file).stem().string());
    if (!is_slug(model.name)) {
        node.at("name").fail("`" + model.name + "` cannot be a name: use letters, digits and . _ + - only.");
    }
    return model;
}

std::vector<ModelSpec> read_models(const YamlReader& node, const fs::path& folder) {
    std::vector<ModelSpec> models;
    std::set<std::string> names;
    for (const YamlReader& item : node.items()) {
        models.push_back(read_model(item, folder));
        if (!names.insert(models.back().name).second) {
            item.fail("two models are named `" + models.back().name +
                      "`: give one of them another name with {name: .., path: ..}.");
        }
    }
    if (models.empty()) node.fail("name at least one model.");
    return models;
}

}  // namespace

DataSpec read_data(const YamlReader& node, const fs::path& folder, const std::vector<std::string>& besides) {
    if (is_table_data(node)) return read_table_data(node, folder);
    DataSpec data;
    if (node.is_scalar()) {
        const std::string text = node.text();
        if (!text.starts_with("zoo:")) {
            node.fail("`" + text + "` is no data set: write zoo:<name>, {images: <folder>} or {npy: <file>}.");
        }
        data.form = DataSpec::Form::zoo;
        data.zoo_name = text.substr(4);
        return data;
    }
    std::vector<std::string> keys = {"zoo",    "images",    "labels",    "file",     "label",
                                     "groups", "npy",       "class_map", "restrict", "classes",
                                     "match",  "benchmark", "missing",   "from",     "to"};
    keys.insert(keys.end(), besides.begin(), besides.end());
    node.allow(keys);
    const int forms = int{node.has("zoo")} + int{node.has("images")} + int{node.has("npy")};
    if (forms != 1) node.fail("give exactly one of `zoo`, `images` and `npy`.");
    if (node.has("groups")) data.groups = node.at("groups").texts();
    const bool none = node.has("labels") && node.at("labels").is_scalar() && node.at("labels").text() == "none";
    data.labels_none = none;
    if (node.has("zoo")) {
        data.form = DataSpec::Form::zoo;
        data.zoo_name = node.at("zoo").text();
        if (node.has("labels") && !none)
            node.at("labels").fail("a zoo data set has its own labels; only `none` can be said here.");
        read_period(node, data);
        if (node.has("missing"))
            data.missing = node.at("missing").choice({"refuse", "nan", "mean", "median", "zero", "last"});
    } else if (node.has("from") || node.has("to") || node.has("missing")) {
        node.fail("`from`, `to` and `missing` are of tables and series; these are images.");
    } else if (node.has("images")) {
        data.form = DataSpec::Form::images;
        data.images = absolute_path(node.at("images").text(), folder);
        if (node.has("labels") && !none) data.labels_csv = absolute_path(node.at("labels").text(), folder);
        if (node.has("file")) data.file_column = node.at("file").text();
        if (node.has("label")) data.label_column = node.at("label").text();
    } else {
        data.form = DataSpec::Form::npy;
        data.npy = absolute_path(node.at("npy").text(), folder);
        if (node.has("labels") && !none) data.npy_labels = absolute_path(node.at("labels").text(), folder);
    }
    for (const char* key : {"file", "label"}) {
        if (node.has(key) && data.labels_csv.empty())
            node.at(key).fail("names a column of a label table, but no `labels: table.csv` is given.");
    }
    if (node.has("class_map")) data.class_map = absolute_path(node.at("class_map").text(), folder);
    if (node.has("restrict")) data.restrict_to_map = node.at("restrict").boolean();
    if (data.restrict_to_map && data.class_map.empty())
        node.at("restrict").fail("works on the classes of a `class_map`, and there is none.");
    if (node.has("classes")) data.classes = absolute_path(node.at("classes").text(), folder);
    if (node.has("benchmark")) data.benchmark = node.at("benchmark").choice({"imagenet"});
    if (node.has("match")) data.match_by_index = node.at("match").choice({"name", "index"}) == "index";
    return data;
}

namespace {

std::string read_text_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
        throw UsageError("The scenario " + file.string() + " cannot be read. Check the path and its permissions.");
    return text.str();
}

// As a command would call it: a shipped scenario goes by its name.
std::string template_name(const std::string& file) {
    const fs::path path(file);
    return path.parent_path() == share_folder() / "scenarios" ? path.stem().string() : file;
}

}  // namespace

bool is_slug(const std::string& text) {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '+' || c == '-';
    };
    return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), allowed);
}

std::vector<std::string> shipped_scenarios() {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(share_folder() / "scenarios", ignored)) {
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

fs::path find_scenario(const std::string& file_or_name) {
    if (fs::is_regular_file(file_or_name)) return file_or_name;
    const fs::path shipped = share_folder() / "scenarios" / (file_or_name + ".yaml");
    if (is_slug(file_or_name) && fs::is_regular_file(shipped)) return shipped;
    if (file_or_name.find('/') != std::string::npos || file_or_name.ends_with(".yaml") ||
        file_or_name.ends_with(".yml")) {
        throw UsageError("There is no scenario file " + file_or_name +
                         ". Check the path; `misfire list scenarios` shows the shipped ones.");
    }
    throw UsageError("There is no scenario file or shipped scenario `" + file_or_name + "`." +
                     did_you_mean(file_or_name, shipped_scenarios()));
}

Scenario read_scenario(const fs::path& file, const std::vector<std::string>& overrides,
                       const KnownMetrics& known_metrics) {
    return parse_scenario(read_text_file(file), file.string(), fs::absolute(file).parent_path(), overrides,
                          known_metrics);
}

Scenario parse_scenario(const std::string& text, const std::string& file, const fs::path& scenario_folder,
                        const std::vector<std::string>& overrides, const KnownMetrics& known_metrics) {
    const YamlReader root = YamlReader::parse(text, file);
    for (const std::string& assignment : overrides) override_key(root.node(), assignment);
    // The paths of a template are those that its user gives, where they are.
    const fs::path folder = root.has("template") ? fs::current_path() : scenario_folder;
    if (root.has("template")) require_given(root, template_name(file));
    root.allow({"name", "seed", "models", "data", "limit", "input", "shifts", "metrics", "scores", "fit",
                "reference_model", "monitors", "monitor_trials", "checks", "keep", "device", "block", "batch",
                "template"});
    Scenario scenario;
    scenario.file = file;
    scenario.name = root.has("name") ? root.at("name").text() : fs::path(file).stem().string();
    if (!is_slug(scenario.name))
        root.fail("`" + scenario.name + "` cannot be the name of a run: use letters, digits and . _ + - only.");
    if (root.has("seed")) scenario.seed = static_cast<std::uint64_t>(root.at("seed").integer(0, INT64_MAX));
    scenario.models = read_models(root.at("models"), folder);
    scenario.data = read_data(root.at("data"), folder);
    if (root.has("limit")) scenario.limit = static_cast<std::size_t>(root.at("limit").integer(0, INT64_MAX));
    if (root.has("input")) scenario.input = read_input(root.at("input"));
    scenario.shifts = read_shifts(root.at("shifts"), folder, scenario.notes);
    read_metrics(root, known_metrics, scenario);
    read_scores(root, folder, known_metrics, scenario);
    read_monitors(root, scenario);
    if (root.has("checks")) {
        std::vector<std::string> models;
        for (const ModelSpec& model : scenario.models) models.push_back(model.name);
        scenario.checks = read_checks(root.at("checks"), known_metrics, models);
    }
    if (root.has("keep")) {
        for (const YamlReader& item : root.at("keep").items()) scenario.keep.push_back(item.choice({"logits", "top5"}));
    }
    if (root.has("device")) scenario.device = root.at("device").text();
    if (root.has("block")) scenario.block = static_cast<int>(root.at("block").integer(1, 1 << 20));
    if (root.has("batch")) scenario.batch = static_cast<int>(root.at("batch").integer(1, 4096));
    return scenario;
}

}  // namespace misfire
