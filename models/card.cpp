#include "models/card.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

class CardReader {
  public:
    explicit CardReader(std::string file) : file_(std::move(file)) {}

    [[noreturn]] void fail(const YAML::Node& node, const std::string& message) const {
        const YAML::Mark mark = node.Mark();
        const std::string line = mark.is_null() ? "" : ":" + std::to_string(mark.line + 1);
        throw ModelError(file_ + line + ": " + message);
    }

    void allow(const YAML::Node& map, const std::string& what, const std::vector<std::string>& keys) const {
        if (!map.IsMap()) fail(map, what + " must be a mapping (key: value)");
        for (const auto& entry : map) {
            const std::string key = entry.first.Scalar();
            if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
                fail(entry.first, "unknown key `" + key + "` in " + what + "." + did_you_mean(key, keys));
            }
        }
    }

    std::string text(const YAML::Node& node, const std::string& what) const {
        if (!node.IsScalar()) fail(node, what + " must be text");
        return node.Scalar();
    }

    double number(const YAML::Node& node, const std::string& what) const {
        double value = 0.0;
        if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value)) {
            fail(node, what + " must be a number" + (node.IsScalar() ? ", not `" + node.Scalar() + "`" : ""));
        }
        return value;
    }

    std::int64_t integer(const YAML::Node& node, const std::string& what, std::int64_t low, std::int64_t high) const {
        const double value = number(node, what);
        if (value != std::floor(value) || value < static_cast<double>(low) || value > static_cast<double>(high)) {
            fail(node, what + " must be a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
                           ", not " + node.Scalar());
        }
        return static_cast<std::int64_t>(value);
    }

    std::string choice(const YAML::Node& node, const std::string& what, const std::vector<std::string>& valid) const {
        const std::string value = text(node, what);
        if (std::find(valid.begin(), valid.end(), value) == valid.end()) {
            fail(node, "unknown " + what + " `" + value + "`." + did_you_mean(value, valid));
        }
        return value;
    }

    std::vector<double> channel_values(const YAML::Node& node, const std::string& what, int channels) const {
        if (!node.IsSequence() || node.size() != static_cast<std::size_t>(channels)) {
            fail(node, what + " must be a list of " + std::to_string(channels) + " numbers, one per channel");
        }
        std::vector<double> values;
        for (const YAML::Node& item : node) values.push_back(number(item, what));
        return values;
    }

    Geometry geometry(const YAML::Node& node) const;
    TensorForm tensor(const YAML::Node& node) const;
    void clean_score(const YAML::Node& node, Card& card) const;
    void classes(const YAML::Node& node, Card& card) const;
    std::vector<std::string> names(const YAML::Node& node, const std::string& what) const;
    std::vector<double> quantiles(const YAML::Node& node) const;
    OutputKind output(const YAML::Node& node) const;
    Card card(const YAML::Node& root) const;

  private:
    std::string file_;
};

constexpr std::int64_t largest_side = 16384;

Geometry CardReader::geometry(const YAML::Node& node) const {
    Geometry geometry;
    if (node.IsScalar() && node.Scalar() == "none") return geometry;
    if (!node.IsMap())
        fail(node, "geometry must be {size: 32}, {size: [height, width]}, {resize: 256, crop: 224} or none");
    allow(node, "geometry", {"size", "resize", "crop"});
    if (const YAML::Node size = node["size"]) {
        if (node.size() != 1) fail(node, "geometry takes either size or resize with crop, not both");
        geometry.kind = Geometry::Kind::exact;
        if (size.IsSequence() && size.size() != 2) fail(size, "geometry.size must be one side or [height, width]");
        const bool pair = size.IsSequence();
        geometry.height = static_cast<int>(integer(pair ? size[0] : size, "geometry.size", 1, largest_side));
        geometry.width = static_cast<int>(integer(pair ? size[1] : size, "geometry.size", 1, largest_side));
        return geometry;
    }
    if (!node["resize"] || !node["crop"])
        fail(node, "geometry needs both resize and crop, such as {resize: 256, crop: 224}");
    geometry.kind = Geometry::Kind::shorter_side_then_crop;
    geometry.resize = static_cast<int>(integer(node["resize"], "geometry.resize", 1, largest_side));
    geometry.crop = static_cast<int>(integer(node["crop"], "geometry.crop", 1, geometry.resize));
    return geometry;
}

TensorForm CardReader::tensor(const YAML::Node& node) const {
    allow(node, "tensor", {"channels", "scale", "mean", "std"});
    TensorForm form;
    if (const YAML::Node channels = node["channels"]) {
        form.channels = static_cast<int>(integer(channels, "tensor.channels", 1, 3));
        if (form.channels == 2) fail(channels, "tensor.channels must be 1 (grey) or 3 (RGB), not 2");
    }
    if (const YAML::Node scale = node["scale"]) {
        form.scale = number(scale, "tensor.scale");
        if (form.scale <= 0.0) fail(scale, "tensor.scale must be above 0, not " + scale.Scalar());
    }
    if (const YAML::Node mean = node["mean"]) form.mean = channel_values(mean, "tensor.mean", form.channels);
    if (const YAML::Node std = node["std"]) {
        form.std = channel_values(std, "tensor.std", form.channels);
        for (const double value : form.std) {
            if (value <= 0.0) fail(std, "tensor.std must be above 0");
        }
    }
    return form;
}

void CardReader::clean_score(const YAML::Node& node, Card& card) const {
    allow(node, "clean_score", {"metric", "value", "on"});
    if (!node["metric"] || !node["value"]) fail(node, "clean_score needs metric and value");
    card.clean_value = number(node["value"], "clean_score.value");
    card.clean_score = text(node["metric"], "clean_score.metric") + " " + node["value"].Scalar();
    if (node["on"]) card.clean_score += " on " + text(node["on"], "clean_score.on");
}

void CardReader::classes(const YAML::Node& node, Card& card) const {
    if (node.IsScalar()) {
        card.classes = integer(node, "classes", 1, 1'000'000);
        return;
    }
    if (!node.IsSequence() || node.size() == 0) fail(node, "classes must be a list of names or their number");
    for (const YAML::Node& item : node) {
        const std::string name = text(item, "a class name");
        if (std::find(card.class_names.begin(), card.class_names.end(), name) != card.class_names.end()) {
            fail(item, "class `" + name + "` is listed twice");
        }
        card.class_names.push_back(name);
    }
    card.classes = static_cast<std::int64_t>(card.class_names.size());
}

std::vector<std::string> CardReader::names(const YAML::Node& node, const std::string& what) const {
    if (!node.IsSequence() || node.size() == 0) fail(node, what + " must be a list of names");
    std::vector<std::string> list;
    for (const YAML::Node& item : node) list.push_back(text(item, "a name in " + what));
    return list;
}

std::vector<double> CardReader::quantiles(const YAML::Node& node) const {
    if (!node.IsSequence() || node.size() == 0) fail(node, "quantiles must be a list such as [0.1, 0.5, 0.9]");
    std::vector<double> levels;
    for (const YAML::Node& item : node) {
        levels.push_back(number(item, "a quantile"));
        const bool ascends = levels.size() == 1 || levels.back() > levels[levels.size() - 2];
        if (levels.back() <= 0.0 || levels.back() >= 1.0 || !ascends)
            fail(item, "quantiles must ascend within (0, 1), not " + item.Scalar());
    }
    return levels;
}

OutputKind CardReader::output(const YAML::Node& node) const {
    const auto kinds = {OutputKind::logits, OutputKind::probabilities, OutputKind::log_probabilities,
                        OutputKind::regression};
    std::vector<std::string> names;
    for (const OutputKind kind : kinds) names.emplace_back(name_of(kind));
    const std::string name = choice(node, "output", names);
    for (const OutputKind kind : kinds) {
        if (name == name_of(kind)) return kind;
    }
    throw InternalError("an output kind has no name");
}

Card CardReader::card(const YAML::Node& root) const {
    allow(
        root, "the card",
        {"task", "classes", "geometry", "tensor", "output", "output_key", "fixed_batch", "engine", "licence", "origin",
         "recipe", "parent", "sha256", "clean_score", "summary", "columns", "categories", "missing", "quantiles"});
    Card card;
    card.path = file_;
    if (const YAML::Node node = root["task"]) card.task = choice(node, "task", {"classification", "regression"});
    if (const YAML::Node node = root["classes"]) classes(node, card);
    if (const YAML::Node node = root["geometry"]) card.geometry = geometry(node);
    if (const YAML::Node node = root["tensor"]) card.tensor = tensor(node);
    if (const YAML::Node node = root["output"]) card.output = output(node);
    if (const YAML::Node node = root["fixed_batch"])
        card.fixed_batch = static_cast<int>(integer(node, "fixed_batch", 1, 65536));
    if (const YAML::Node node = root["clean_score"]) clean_score(node, card);
    if (const YAML::Node node = root["columns"]) card.columns = names(node, "columns");
    if (const YAML::Node node = root["quantiles"]) card.quantiles = quantiles(node);
    if (const YAML::Node node = root["missing"])
        card.missing = choice(node, "missing", {"nan", "mean", "median", "zero", "last"});
    if (const YAML::Node node = root["categories"]) {
        if (!node.IsMap()) fail(node, "categories must be a mapping of column to names");
        for (const auto& entry : node)
            card.categories[text(entry.first, "a column")] = names(entry.second, "categories");
    }
    for (const auto& [key, field] : {std::pair<const char*, std::string*>{"output_key", &card.output_key},
                                     {"engine", &card.engine},
                                     {"licence", &card.licence},
                                     {"origin", &card.origin},
                                     {"recipe", &card.recipe},
                                     {"parent", &card.parent},
                                     {"sha256", &card.sha256},
                                     {"summary", &card.summary}}) {
        if (const YAML::Node node = root[key]) *field = text(node, key);
    }
    return card;
}

}  // namespace

std::filesystem::path card_path(const std::filesystem::path& model_path) {
    return std::filesystem::path(model_path).replace_extension(".yaml");
}

std::optional<Card> read_card(const std::filesystem::path& model_path) {
    const std::filesystem::path path = card_path(model_path);
    if (!std::filesystem::exists(path)) return std::nullopt;
    try {
        return CardReader(path.string()).card(YAML::LoadFile(path.string()));
    } catch (const YAML::Exception& error) {
        throw ModelError(path.string() + ":" + std::to_string(error.mark.line + 1) + ": not valid YAML: " + error.msg);
    }
}

}  // namespace misfire
