#include "perturbations/sequences/registry.h"

#include <algorithm>
#include <set>
#include <utility>

namespace misfire {

namespace films {
#define MISFIRE_SEQUENCE(name) std::unique_ptr<const Sequence> name();
#include "perturbations/sequences/sequences.def"
#undef MISFIRE_SEQUENCE
}  // namespace films

std::span<const std::unique_ptr<const Sequence>> sequences() {
    static const std::vector<std::unique_ptr<const Sequence>> all = [] {
        std::vector<std::unique_ptr<const Sequence>> list;
#define MISFIRE_SEQUENCE(name) list.push_back(films::name());
#include "perturbations/sequences/sequences.def"
#undef MISFIRE_SEQUENCE
        return list;
    }();
    return all;
}

const Sequence* find_sequence(std::string_view name) {
    for (const auto& sequence : sequences()) {
        if (sequence->info().name == name) return sequence.get();
    }
    return nullptr;
}

std::vector<std::string> sequence_groups() {
    std::set<std::string> names;
    for (const auto& sequence : sequences())
        names.insert(sequence->info().groups.begin(), sequence->info().groups.end());
    return {names.begin(), names.end()};
}

std::vector<std::string> expand_sequence_group(std::string_view name) {
    std::vector<std::pair<int, std::string>> members;
    for (const auto& sequence : sequences()) {
        const SequenceInfo& info = sequence->info();
        if (std::find(info.groups.begin(), info.groups.end(), name) != info.groups.end())
            members.emplace_back(info.published_order, info.name);
    }
    std::sort(members.begin(), members.end());
    std::vector<std::string> names;
    for (auto& member : members) names.push_back(std::move(member.second));
    return names;
}

}  // namespace misfire
