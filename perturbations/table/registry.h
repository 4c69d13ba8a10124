// Every change of tables and series by name. A new one is one file plus one line in families.def.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/table_perturbation.h"

namespace misfire {

// All families, alphabetically.
std::span<const TablePerturbationEntry> table_perturbations();

// Null where there is none of this name.
const TablePerturbationEntry* find_table_perturbation(std::string_view name);

// Throws UsageError naming the nearest one when there is none of this name, or when an option is wrong.
std::unique_ptr<TablePerturbation> make_table_perturbation(std::string_view name, const Options& options = {});

// Categories and groups, alphabetically, and the families of one of them, by name (empty for an unknown group).
std::vector<std::string> table_perturbation_groups();
std::vector<std::string> expand_table_group(std::string_view name);

}  // namespace misfire
