// "Unknown name X, did you mean Y?": every place that looks a name up answers a miss the same way.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace misfire {

// Edits (insert, delete, replace, swap of neighbours) that turn a into b: restricted Damerau-Levenshtein distance.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                current[j] = std::min(current[j], before[j - 2] + 1);
            }
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

// The valid name closest to `given`, or "" when none is near enough to be a slip of the fingers.
inline std::string nearest_name(std::string_view given, const std::vector<std::string>& valid) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, given.size() / 3) + 1;
    for (const std::string& name : valid) {
        const std::size_t distance = edit_distance(given, name);
        if (distance < best_distance) {
            best_distance = distance;
            best = name;
        }
    }
    return best;
}

// Ends a "there is no such name" message: " Did you mean `fog`?" or, when nothing is near, " Known: a, b, c."
inline std::string did_you_mean(std::string_view given, const std::vector<std::string>& valid) {
    if (const std::string name = nearest_name(given, valid); !name.empty()) return " Did you mean `" + name + "`?";
    std::string list;
    for (const std::string& name : valid) list += (list.empty() ? "" : ", ") + name;
    return " Known: " + list + ".";
}

}  // namespace misfire
