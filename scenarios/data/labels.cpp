#include "scenarios/data/labels.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/csv.h"

namespace misfire {

std::optional<std::int64_t> as_index(const std::string& text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stopped != end || value < 0) return std::nullopt;
    return value;
}

Labels index_labels(const std::vector<std::string>& texts, const std::vector<std::string>& classes,
                    const std::string& where) {
    Labels labels;
    labels.classes = classes;
    const bool only_numbers = std::all_of(
        texts.begin(), texts.end(), [](const std::string& text) { return text.empty() || as_index(text).has_value(); });
    if (classes.empty() && !only_numbers) {
        std::set<std::string> names(texts.begin(), texts.end());
        names.erase("");
        labels.classes.assign(names.begin(), names.end());
    }
    std::map<std::string, std::int64_t> index;
    for (const std::string& name : labels.classes) index.emplace(name, static_cast<std::int64_t>(index.size()));
    labels.targets.reserve(texts.size());
    for (const std::string& text : texts) {
        if (text.empty()) {
            labels.targets.emplace_back();
        } else if (const auto found = index.find(text); found != index.end()) {
            labels.targets.emplace_back(found->second);
        } else if (const auto number = as_index(text);
                   number && (classes.empty() || *number < static_cast<std::int64_t>(classes.size()))) {
            labels.targets.push_back(number);
        } else {
            throw DataError(
                where + ": the label `" + text + "` is none of the " + std::to_string(classes.size()) + " classes." +
                (classes.size() > 20 && nearest_name(text, classes).empty() ? " The first is `" + classes.front() + "`."
                                                                            : did_you_mean(text, classes)));
        }
    }
    return labels;
}

std::vector<std::string> read_class_names(const std::filesystem::path& file) {
    const std::vector<std::string> names = read_lines(file);
    if (names.empty())
        throw DataError("The list of classes " + file.string() + " is empty. Write one class name a line, by index.");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string line = file.string() + ":" + std::to_string(i + 1);
        if (names[i].empty())
            throw DataError(
                line +
                ": an empty line among the class names. Line number minus one is the class index, so give it a name.");
        if (!seen.insert(names[i]).second) throw DataError(line + ": the class `" + names[i] + "` is listed twice.");
    }
    return names;
}

}  // namespace misfire
