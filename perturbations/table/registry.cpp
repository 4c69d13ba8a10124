#include "perturbations/table/registry.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace families {
#define MISFIRE_FAMILY(name) TablePerturbationEntry name();
#include "perturbations/table/families.def"
#undef MISFIRE_FAMILY
}  // namespace families

namespace {

const std::vector<TablePerturbationEntry>& registered() {
    static const std::vector<TablePerturbationEntry> entries = {
#define MISFIRE_FAMILY(name) families::name(),
#include "perturbations/table/families.def"
#undef MISFIRE_FAMILY
    };
    return entries;
}

}  // namespace

std::span<const TablePerturbationEntry> table_perturbations() { return registered(); }

const TablePerturbationEntry* find_table_perturbation(std::string_view name) {
    for (const TablePerturbationEntry& entry : registered()) {
        if (entry.info().name == name) return &entry;
    }
    return nullptr;
}

std::unique_ptr<TablePerturbation> make_table_perturbation(std::string_view name, const Options& options) {
    if (const TablePerturbationEntry* entry = find_table_perturbation(name)) return entry->make(options);
    std::vector<std::string> names;
    for (const TablePerturbationEntry& entry : registered()) names.push_back(entry.info().name);
    throw UsageError("There is no change of tables `" + std::string(name) + "`." + did_you_mean(name, names));
}

std::vector<std::string> table_perturbation_groups() {
    std::set<std::string> names;
    for (const TablePerturbationEntry& entry : registered()) {
        const TablePerturbationInfo info = entry.info();
        names.insert(info.category);
        names.insert(info.groups.begin(), info.groups.end());
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> expand_table_group(std::string_view name) {
    std::vector<std::string> members;
    for (const TablePerturbationEntry& entry : registered()) {
        const TablePerturbationInfo info = entry.info();
        if (info.category == name || std::find(info.groups.begin(), info.groups.end(), name) != info.groups.end())
            members.push_back(info.name);
    }
    std::sort(members.begin(), members.end());
    return members;
}

}  // namespace misfire
