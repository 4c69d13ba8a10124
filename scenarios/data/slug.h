// Names that can stand in cell names, folders and HDF5 paths.
#pragma once

#include <algorithm>
#include <string>

namespace misfire {

// "my photos" -> "my_photos": characters other than A-Z a-z 0-9 . _ + - become underscores, dots at the front go. Never
// empty.
inline std::string to_slug(std::string text) {
    for (char& c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '_' && c != '+' && c != '-') c = '_';
    }
    text.erase(0, std::min(text.find_first_not_of('.'), text.size()));
    return text.empty() ? "data" : text;
}

}  // namespace misfire
