// Answers of models to fit sets, kept between runs: <user cache folder>/fit/<key>.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/model.h"

namespace misfire {

std::filesystem::path fit_cache_folder();

// Nothing where there is no such file, or none that is whole.
std::optional<Outputs> read_fit_cache(const std::string& key);

// Written beside and renamed. A folder that cannot be written is no error: the next run asks the model again.
void write_fit_cache(const std::string& key, const Outputs& outputs);

}  // namespace misfire
