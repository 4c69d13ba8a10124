// From labels as people write them (names or numbers) to class indices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace misfire {

struct Labels {
    std::vector<std::optional<std::int64_t>> targets;  // one per text; absent where the text was empty
    std::vector<std::string> classes;                  // may be empty: only numbers are known
};

// With `classes`, each text is one of these names or an index into them. Without, texts that are all non-negative
// integers are the indices themselves, otherwise the classes are the distinct names in byte order. Throws DataError
// naming the text, with the nearest class.
Labels index_labels(const std::vector<std::string>& texts, const std::vector<std::string>& classes,
                    const std::string& where);

// Class names, one a line. Throws DataError when a line is empty or a name comes twice.
std::vector<std::string> read_class_names(const std::filesystem::path& file);

// A non-negative decimal integer, or nothing.
std::optional<std::int64_t> as_index(const std::string& text);

}  // namespace misfire
