#include "harness/pictures/theme_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"
#include "core/install_paths.h"
#include "core/nearest_name.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr double largest_length = 4096;

fs::path themes_folder() { return share_folder() / "themes"; }

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
    throw UsageError("The theme " + file.string() + ": " + what);
}

Colour colour_from(const fs::path& file, const std::string& key, const std::string& text) {
    const bool hex = text.size() == 7 && text[0] == '#' &&
                     std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
    if (!hex) refuse(file, "`" + key + ": " + text + "` is no colour; write it as \"#rrggbb\".");
    const auto part = [&](std::size_t at) { return std::stoi(text.substr(at, 2), nullptr, 16) / 255.0; };
    return {part(1), part(3), part(5)};
}

double length_from(const fs::path& file, const std::string& key, const std::string& text) {
    double value = NAN;
    try {
        value = std::stod(text);
    } catch (const std::exception&) {
        value = NAN;
    }
    if (!(value >= 0.0 && value <= largest_length))
        refuse(file, "`" + key + ": " + text + "` is no length from 0 to 4096 pixels.");
    return value;
}

}  // namespace

SheetTheme read_theme(const fs::path& file) {
    SheetTheme theme;
    const std::map<std::string, double*> lengths = {{"title_size", &theme.title_size},
                                                    {"label_size", &theme.label_size},
                                                    {"caption_size", &theme.caption_size},
                                                    {"small_size", &theme.small_size},
                                                    {"cell", &theme.cell},
                                                    {"gap", &theme.gap},
                                                    {"margin", &theme.margin},
                                                    {"widest_label", &theme.widest_label}};
    const std::map<std::string, Colour*> colours = {{"paper", &theme.paper},
                                                    {"ink", &theme.ink},
                                                    {"faint", &theme.faint},
                                                    {"empty", &theme.empty},
                                                    {"accent", &theme.accent}};
    std::vector<std::string> keys = {"font"};
    for (const auto& [key, value] : lengths) keys.push_back(key);
    for (const auto& [key, value] : colours) keys.push_back(key);
    try {
        const YAML::Node root = YAML::LoadFile(file.string());
        if (!root.IsMap()) refuse(file, "it holds no keys.");
        for (const auto& entry : root) {
            const auto key = entry.first.as<std::string>();
            const auto value = entry.second.as<std::string>();
            if (key == "font")
                theme.font = value;
            else if (const auto length = lengths.find(key); length != lengths.end())
                *length->second = length_from(file, key, value);
            else if (const auto colour = colours.find(key); colour != colours.end())
                *colour->second = colour_from(file, key, value);
            else
                refuse(file, "there is no key `" + key + "`." + did_you_mean(key, keys));
        }
    } catch (const YAML::Exception& error) {
        refuse(file, std::string(error.what()) + ".");
    }
    return theme;
}

SheetTheme find_theme(const std::string& name_or_file) {
    const fs::path shipped = themes_folder() / (name_or_file + ".yaml");
    const std::vector<std::string> names = theme_names();
    if (std::find(names.begin(), names.end(), name_or_file) != names.end()) return read_theme(shipped);
    if (fs::is_regular_file(name_or_file)) return read_theme(name_or_file);
    throw UsageError("There is no theme `" + name_or_file + "`, and no such file." + did_you_mean(name_or_file, names));
}

std::vector<std::string> theme_names() {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(themes_folder(), ignored)) {
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace misfire
