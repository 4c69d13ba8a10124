#include "perturbations/registry.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace units {
#define MISFIRE_UNIT(name) PerturbationEntry name();
#include "perturbations/units.def"
#undef MISFIRE_UNIT
}  // namespace units

namespace {

struct Registered {
    std::vector<PerturbationEntry> entries;
    std::vector<PerturbationInfo> infos;
    std::vector<std::string> names;
};

const Registered& registered() {
    static const Registered all = [] {
        Registered list;
        list.entries = {
#define MISFIRE_UNIT(name) units::name(),
#include "perturbations/units.def"
#undef MISFIRE_UNIT
        };
        for (const PerturbationEntry& entry : list.entries) {
            list.infos.push_back(entry.info());
            list.names.push_back(list.infos.back().name);
        }
        return list;
    }();
    return all;
}

bool belongs_to(const PerturbationInfo& info, std::string_view group) {
    return info.category == group || std::find(info.groups.begin(), info.groups.end(), group) != info.groups.end();
}

// Whether a group may contain the unit when these options are given.
bool can_be_made(const PerturbationInfo& info, const Options& options) {
    return std::all_of(info.options.begin(), info.options.end(),
                       [&](const Option& option) { return !option.required || options.count(option.name) > 0; });
}

bool is_needed(const PerturbationInfo& info, const Options& options) {
    for (const PerturbationInfo& original : registered().infos) {
        if (original.name == info.stands_in_for) return !can_be_made(original, options);
    }
    return true;
}

}  // namespace

std::span<const PerturbationEntry> perturbations() { return registered().entries; }

const PerturbationEntry* find_perturbation(std::string_view name) {
    const auto& names = registered().names;
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? nullptr : &registered().entries[static_cast<std::size_t>(found - names.begin())];
}

std::unique_ptr<Perturbation> make_perturbation(std::string_view name, const Options& options) {
    if (const PerturbationEntry* entry = find_perturbation(name)) return entry->make(options);
    throw UsageError("There is no perturbation `" + std::string(name) + "`." + did_you_mean(name, registered().names));
}

std::vector<std::string> perturbation_groups() {
    std::set<std::string> names;
    for (const PerturbationInfo& info : registered().infos) {
        names.insert(info.category);
        names.insert(info.groups.begin(), info.groups.end());
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> expand_group(std::string_view name, const Options& options) {
    std::vector<std::pair<int, std::string>> members;
    for (const PerturbationInfo& info : registered().infos) {
        const int place = info.published_order < 0 ? 1'000'000 : info.published_order;
        if (belongs_to(info, name) && can_be_made(info, options) && is_needed(info, options))
            members.emplace_back(place, info.name);
    }
    if (members.empty()) {
        std::vector<std::string> valid = perturbation_groups();
        valid.insert(valid.end(), registered().names.begin(), registered().names.end());
        throw UsageError("There is no group of perturbations `" + std::string(name) + "`." + did_you_mean(name, valid));
    }
    std::sort(members.begin(), members.end());
    std::vector<std::string> names;
    for (auto& member : members) names.push_back(std::move(member.second));
    return names;
}

std::vector<std::string> left_out_of_group(std::string_view name, const Options& options) {
    std::vector<std::string> names;
    for (const PerturbationInfo& info : registered().infos) {
        if (belongs_to(info, name) && !can_be_made(info, options)) names.push_back(info.name);
    }
    return names;
}

}  // namespace misfire
