// What `misfire describe` says of a generated out-of-distribution set.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/generated_set.h"

namespace misfire {

// "nothing", "one image", "images of two classes": what it is made of.
std::string needs_text(const GeneratedSetInfo& info);
std::string generated_set_text(const GeneratedSetInfo& info);
nlohmann::json generated_set_json(const GeneratedSetInfo& info);

}  // namespace misfire
