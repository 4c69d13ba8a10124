// Strict reading of YAML mappings: unknown keys and wrong types are errors that name file, line and the nearest valid
// key.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace misfire {

// One node with the name of the file it came from and its path inside ("shifts[0].severities").
class YamlReader {
  public:
    // Parses text; `file` is only for messages. Throws ScenarioError with the parser's line and column.
    static YamlReader parse(const std::string& text, const std::string& file);

    YamlReader(const YAML::Node& node, std::string file, std::string path);

    // Throws unless this is a mapping whose keys are all in `keys`.
    void allow(const std::vector<std::string>& keys) const;

    bool is_map() const { return node_.IsMap(); }
    bool is_list() const { return node_.IsSequence(); }
    bool is_scalar() const { return node_.IsScalar(); }
    bool has(const std::string& key) const;
    YamlReader at(const std::string& key) const;  // throws when the key is missing
    std::vector<YamlReader> items() const;        // of a list; a scalar or mapping counts as a list of one
    std::vector<std::string> keys() const;
    YamlReader without(const std::string& key) const;  // this mapping but for one key

    // This node as a value; each throws a ScenarioError that says what was expected and what is there.
    std::string text() const;
    double number() const;
    std::int64_t integer(std::int64_t low, std::int64_t high) const;
    bool boolean() const;
    std::string choice(const std::vector<std::string>& valid) const;
    std::vector<std::string> texts() const;
    std::vector<double> numbers() const;

    // A message with file, line and path in front. Never returns.
    [[noreturn]] void fail(const std::string& message) const;

    const YAML::Node& node() const { return node_; }
    const std::string& path() const { return path_; }

  private:
    std::string key_text() const;  // this node as a key of a mapping

    YAML::Node node_;
    std::string file_;
    std::string path_;
};

}  // namespace misfire
