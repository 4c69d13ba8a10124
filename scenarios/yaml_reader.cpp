#include "scenarios/yaml_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

YamlReader YamlReader::parse(const std::string& text, const std::string& file) {
    try {
        return {YAML::Load(text), file, ""};
    } catch (const YAML::ParserException& error) {
        throw ScenarioError(file + ":" + std::to_string(error.mark.line + 1) + ": not valid YAML at column " +
                            std::to_string(error.mark.column + 1) + ": " + error.msg + ".");
    }
}

YamlReader::YamlReader(const YAML::Node& node, std::string file, std::string path)
    : node_(node), file_(std::move(file)), path_(std::move(path)) {}

void YamlReader::allow(const std::vector<std::string>& keys) const {
    if (!node_.IsMap()) {
        std::string list;
        for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
        fail("a mapping is expected here (keys: " + list + ").");
    }
    for (const auto& entry : node_) {
        const std::string key = YamlReader(entry.first, file_, path_).key_text();
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
        YamlReader(entry.first, file_, path_).fail("unknown key `" + key + "`." + did_you_mean(key, keys));
    }
}

std::string YamlReader::key_text() const {
    if (!node_.IsScalar()) fail("a key must be a plain word, not a list or mapping.");
    return node_.Scalar();
}

bool YamlReader::has(const std::string& key) const {
    return node_.IsMap() && node_[key].IsDefined() && !node_[key].IsNull();
}

YamlReader YamlReader::at(const std::string& key) const {
    if (!has(key)) fail("the key `" + key + "` is missing.");
    return {node_[key], file_, path_.empty() ? key : path_ + "." + key};
}

std::vector<YamlReader> YamlReader::items() const {
    if (!node_.IsSequence()) return {*this};
    std::vector<YamlReader> result;
    for (std::size_t i = 0; i < node_.size(); ++i) {
        result.emplace_back(node_[i], file_, path_ + "[" + std::to_string(i) + "]");
    }
    return result;
}

std::vector<std::string> YamlReader::keys() const {
    std::vector<std::string> result;
    if (!node_.IsMap()) return result;
    for (const auto& entry : node_) result.push_back(YamlReader(entry.first, file_, path_).key_text());
    return result;
}

YamlReader YamlReader::without(const std::string& key) const {
    YAML::Node rest(YAML::NodeType::Map);
    for (const auto& entry : node_) {
        if (YamlReader(entry.first, file_, path_).key_text() != key) rest[entry.first] = entry.second;
    }
    return {rest, file_, path_};
}

std::string YamlReader::text() const {
    if (!node_.IsScalar() || node_.Scalar().empty()) fail("a text is expected here.");
    return node_.Scalar();
}

double YamlReader::number() const {
    const std::string value = text();
    double result = 0.0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
    if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(result)) {
        fail("a number is expected here, not `" + value + "`.");
    }
    return result;
}

std::int64_t YamlReader::integer(std::int64_t low, std::int64_t high) const {
    const std::string value = text();
    std::int64_t result = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
    if (error != std::errc() || end != value.data() + value.size()) {
        fail("a whole number is expected here, not `" + value + "`.");
    }
    if (result < low || result > high) {
        fail(value + " is outside " + std::to_string(low) + " to " + std::to_string(high) + ".");
    }
    return result;
}

bool YamlReader::boolean() const {
    const std::string value = text();
    if (value == "true" || value == "yes" || value == "on") return true;
    if (value == "false" || value == "no" || value == "off") return false;
    fail("true or false is expected here, not `" + value + "`.");
}

std::string YamlReader::choice(const std::vector<std::string>& valid) const {
    const std::string value = text();
    if (std::find(valid.begin(), valid.end(), value) == valid.end()) {
        fail("`" + value + "` is not valid here." + did_you_mean(value, valid));
    }
    return value;
}

std::vector<std::string> YamlReader::texts() const {
    std::vector<std::string> result;
    for (const YamlReader& item : items()) result.push_back(item.text());
    return result;
}

std::vector<double> YamlReader::numbers() const {
    std::vector<double> result;
    for (const YamlReader& item : items()) result.push_back(item.number());
    return result;
}

void YamlReader::fail(const std::string& message) const {
    std::string where = file_;
    if (const YAML::Mark mark = node_.Mark(); !mark.is_null()) where += ":" + std::to_string(mark.line + 1);
    if (!path_.empty()) where += ": " + path_;
    throw ScenarioError(where + ": " + message);
}

}  // namespace misfire
