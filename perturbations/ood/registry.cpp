#include "perturbations/ood/registry.h"

#include <algorithm>

#include "core/error.h"

namespace misfire {

namespace generated {
#define MISFIRE_GENERATED_SET(name) const GeneratedSet& name();
#include "perturbations/ood/generated_sets.def"
#undef MISFIRE_GENERATED_SET
}  // namespace generated

std::span<const GeneratedSet* const> generated_sets() {
    static const std::vector<const GeneratedSet*> sets = {
#define MISFIRE_GENERATED_SET(name) &generated::name(),
#include "perturbations/ood/generated_sets.def"
#undef MISFIRE_GENERATED_SET
    };
    return sets;
}

const GeneratedSet* find_generated_set(std::string_view name) {
    for (const GeneratedSet* set : generated_sets()) {
        if (set->info().name == name) return set;
    }
    return nullptr;
}

std::vector<std::string> generated_groups() { return {"all", "far", "near"}; }

std::vector<std::string> expand_generated_group(std::string_view name) {
    std::vector<std::string> names;
    for (const GeneratedSet* set : generated_sets()) {
        if (name == "all" || name == name_of(set->info().distance)) names.push_back(set->info().name);
    }
    return names;
}

void generate(const GeneratedSet& set, const GeneratedSetInput& input, double severity, std::uint64_t seed,
              std::string_view sample_id, Image& out, Scratch& scratch) {
    const GeneratedSetInfo& info = set.info();
    if (!(severity > 0.0 && severity <= largest_generated_severity))
        throw InternalError("generate: severity " + std::to_string(severity) + " of " + info.name);
    if (info.needs == GeneratedSetInfo::Needs::two_classes && input.other == nullptr)
        throw InternalError("generate: " + info.name + " needs a second image");
    const std::uint64_t key = KeyHash()
                                  .add("generated set")
                                  .add(seed)
                                  .add(info.name)
                                  .add(static_cast<std::uint64_t>(info.version))
                                  .add(sample_id)
                                  .value();
    set.make(input, severity, Random(key), out, scratch);
}

}  // namespace misfire
