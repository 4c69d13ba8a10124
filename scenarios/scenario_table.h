// What a scenario says of tables and series: data, and the shifts that change them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/data/spec.h"
#include "scenarios/shifts/table_shift.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

// Keys of `data: {table: ..}` and `data: {series: ..}`.
std::vector<std::string> table_data_keys();

// Keys `from` and `to`, of a series.
void read_period(const YamlReader& node, DataSpec& data);

// True for `data` that is a table or series.
bool is_table_data(const YamlReader& node);

// Throws ScenarioError naming line and remedy.
DataSpec read_table_data(const YamlReader& node, const std::filesystem::path& folder);

// True where the first name below `perturb:` is a change of tables or a group of such.
bool names_table_family(const YamlReader& perturb);

// One shift for each name and member of a group.
std::vector<TablePerturbSpec> read_table_perturb(const YamlReader& node);

BehaviourSpec read_behaviour(const YamlReader& node, const std::filesystem::path& folder);
CalendarSpec read_calendar(const YamlReader& node);

}  // namespace misfire
