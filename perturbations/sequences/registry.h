// Every sequence by name. A new one is one file plus one line in sequences.def.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/sequence.h"

namespace misfire {

// All sequences, alphabetically; they live as long as the program.
std::span<const std::unique_ptr<const Sequence>> sequences();

// Null where there is none of this name.
const Sequence* find_sequence(std::string_view name);

// Names usable beside those of sequences ("imagenet-p"), alphabetically, and what is in them in the published order
// (empty for a name that is no group).
std::vector<std::string> sequence_groups();
std::vector<std::string> expand_sequence_group(std::string_view name);

}  // namespace misfire
