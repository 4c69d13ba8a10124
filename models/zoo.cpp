#include "models/zoo.h"

#include <map>

#include "core/error.h"
#include "core/install_paths.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

// Name to path, without reading the cards: one broken card must not hide the other models from resolve_model().
std::map<std::string, std::filesystem::path> zoo_files() {
    std::map<std::string, std::filesystem::path> files;
    for (const std::filesystem::path& folder : zoo_folders()) {
        std::error_code absent;
        for (const auto& entry : std::filesystem::directory_iterator(folder / "models", absent)) {
            const std::filesystem::path& path = entry.path();
            if (path.extension() != ".pt" || !std::filesystem::exists(card_path(path))) continue;
            files.emplace(path.stem().string(), path);
        }
    }
    return files;
}

}  // namespace

std::vector<ZooModel> zoo_models() {
    std::vector<ZooModel> models;
    for (const auto& [name, path] : zoo_files()) {
        if (auto card = read_card(path)) models.push_back({name, path, *std::move(card)});
    }
    return models;
}

std::filesystem::path resolve_model(const std::string& reference) {
    constexpr std::string_view prefix = "zoo:";
    if (!reference.starts_with(prefix)) return reference;
    const std::string name = reference.substr(prefix.size());
    const auto files = zoo_files();
    if (const auto found = files.find(name); found != files.end()) return found->second;
    if (files.empty()) {
        throw ModelError("there is no zoo model `" + name + "`: no zoo was found in " + zoo_folders()[0].string() +
                         " or " + zoo_folders()[1].string() +
                         ". Reinstall misfire, or set MISFIRE_SHARE to its share/misfire folder.");
    }
    std::vector<std::string> names;
    for (const auto& file : files) names.push_back(file.first);
    throw ModelError("there is no zoo model `" + name + "`." + did_you_mean(name, names));
}

}  // namespace misfire
