#include "scenarios/scenario_template.h"

#include <algorithm>

#include "core/error.h"
#include "scenarios/data/csv.h"
#include "scenarios/overrides.h"

namespace misfire {

namespace {

std::vector<OpenKey> open_keys(const YamlReader& root) {
    std::vector<OpenKey> keys;
    if (!root.has("template")) return keys;
    const YamlReader map = root.at("template");
    if (!map.is_map() || map.keys().empty())
        map.fail("a mapping is expected here: <key to set>: {example: <value>, is: <what it is>}.");
    for (const std::string& key : map.keys()) {
        const YamlReader entry = map.at(key);
        entry.allow({"example", "is"});
        keys.push_back({key, entry.at("example").text(), entry.at("is").text()});
    }
    return keys;
}

bool is_given(const YAML::Node& root, const std::string& key) {
    // A list of one may be written as its only item: `models: net.pt`.
    if (key.ends_with(".0")) {
        const std::vector<YAML::Node> lists = nodes_at(root, key.substr(0, key.size() - 2));
        const auto is_item = [](const YAML::Node& node) { return node.IsDefined() && node.IsScalar(); };
        if (!lists.empty() && std::all_of(lists.begin(), lists.end(), is_item)) return true;
    }
    const std::vector<YAML::Node> nodes = nodes_at(root, key);
    return !nodes.empty() && std::all_of(nodes.begin(), nodes.end(),
                                         [](const YAML::Node& node) { return node.IsDefined() && !node.IsNull(); });
}

std::string quoted(const std::string& text) {
    return text.find_first_of(" {}[]\"*$&;()<>|#~`!?") == std::string::npos ? text : "'" + text + "'";
}

// The comment lines at the head of a file, in one.
std::string head_comment(const std::filesystem::path& file) {
    std::string text;
    for (const std::string& line : read_lines(file)) {
        if (!line.starts_with("#")) break;
        text += (text.empty() ? "" : " ") + line.substr(std::min(line.find_first_not_of("# "), line.size()));
    }
    return text;
}

}  // namespace

std::string example_command(const std::string& name, const std::vector<OpenKey>& keys) {
    std::string text = "misfire run " + name;
    for (const OpenKey& key : keys) text += " \\\n    --set " + quoted(key.key + "=" + key.example);
    return text;
}

std::optional<ScenarioTemplate> read_template(const std::filesystem::path& file) {
    const YamlReader root = YamlReader::parse(read_text(file), file.string());
    ScenarioTemplate found{head_comment(file), open_keys(root), 0};
    if (found.keys.empty()) return std::nullopt;
    if (root.has("shifts")) found.shifts = root.at("shifts").items().size();
    return found;
}

void require_given(const YamlReader& root, const std::string& name) {
    const std::vector<OpenKey> keys = open_keys(root);
    std::string missing;
    for (const OpenKey& key : keys) {
        if (!is_given(root.node(), key.key)) missing += "\n  " + key.key + ": " + key.meaning;
    }
    if (missing.empty()) return;
    throw ScenarioError("`" + name + "` is a template: it runs on a model and data of yours. Give these with --set:" +
                        missing + "\nFor example:\n  " + example_command(name, keys));
}

}  // namespace misfire
