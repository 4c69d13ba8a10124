// The form `{sequence: ..}` of a shift.
#pragma once

#include <vector>

#include "scenarios/shifts/sequence_shift.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// One spec per sequence that the entry names. Throws ScenarioError naming line and remedy.
std::vector<SequenceSpec> read_sequences(const YamlReader& node);

void emit_sequence(YAML::Emitter& out, const SequenceSpec& shift);

}  // namespace misfire
