// Parts of the effective scenario that several keys share.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "scenarios/data/spec.h"
#include "scenarios/shifts/perturb_shift.h"

namespace misfire {

// A key and its value, of a mapping that is being written; nothing for an empty text.
void emit_numbers(YAML::Emitter& out, const char* key, const std::vector<double>& values);
void emit_texts(YAML::Emitter& out, const char* key, const std::vector<std::string>& values);
void emit_text(YAML::Emitter& out, const char* key, const std::string& value);

// The keys of a data set, without the mapping around them.
void emit_data(YAML::Emitter& out, const DataSpec& data);

// A whole `perturb:` entry.
void emit_perturb(YAML::Emitter& out, const PerturbSpec& shift);

}  // namespace misfire
