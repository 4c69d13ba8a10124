// Every generated out-of-distribution set by name. A new one is one file plus one line in generated_sets.def.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/generated_set.h"

namespace misfire {

// All of them, alphabetically; they live as long as the program.
std::span<const GeneratedSet* const> generated_sets();

// Null where there is none of this name.
const GeneratedSet* find_generated_set(std::string_view name);

// The sets of a group, alphabetically: `near`, `far`, or `all`; empty where there is no such group.
std::vector<std::string> expand_generated_group(std::string_view name);
std::vector<std::string> generated_groups();

// Makes one image for the place of a sample. The draws depend on run seed, set, version and sample id, on nothing else.
void generate(const GeneratedSet& set, const GeneratedSetInput& input, double severity, std::uint64_t seed,
              std::string_view sample_id, Image& out, Scratch& scratch);

}  // namespace misfire
