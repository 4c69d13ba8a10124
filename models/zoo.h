// The shipped models, and those a user has added to the zoo's folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/card.h"

namespace misfire {

struct ZooModel {
    std::string name;            // file stem
    std::filesystem::path path;  // of the TorchScript file
    Card card;
};

// All models/*.pt with a card in zoo_folders() (core/install_paths.h), by name; a name in an earlier folder hides later
// ones.
std::vector<ZooModel> zoo_models();

// Path of "zoo:<name>"; any other text is taken as a path and returned as it is. Throws ModelError for an unknown zoo
// name, naming the nearest one.
std::filesystem::path resolve_model(const std::string& reference);

}  // namespace misfire
