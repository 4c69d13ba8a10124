#include "perturbations/options.h"

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "core/nearest_name.h"
#include "perturbations/severity.h"

namespace misfire {

namespace {

const Option& declared(const PerturbationInfo& info, const std::string& name) {
    std::vector<std::string> names;
    for (const Option& option : info.options) {
        if (option.name == name) return option;
        names.push_back(option.name);
    }
    if (names.empty())
        throw UsageError("`" + info.name + "` has no options, so `" + name + "` cannot be set. Remove it.");
    throw UsageError("`" + info.name + "` has no option `" + name + "`." + did_you_mean(name, names));
}

}  // namespace

Options complete_options(const PerturbationInfo& info, const Options& given) {
    Options complete;
    for (const Option& option : info.options) complete[option.name] = option.default_value;
    for (const auto& [name, value] : given) {
        const Option& option = declared(info, name);
        const auto& choices = option.choices;
        if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
            throw UsageError("Option `" + name + "` of `" + info.name + "` cannot be `" + value + "`." +
                             did_you_mean(value, choices));
        }
        complete[name] = value;
    }
    for (const Option& option : info.options) {
        if (option.required && complete[option.name].empty()) {
            throw UsageError("`" + info.name + "` needs the option `" + option.name + "`: " + option.meaning + ".");
        }
    }
    return complete;
}

Option parameter_set_option(std::span<const Parameter> parameters) {
    std::vector<std::string> choices = {"auto"};
    for (const ParameterSet& set : parameter_sets(parameters)) choices.emplace_back(set.name);
    return {"set", "published parameters to use whatever the size of the image; auto: chosen by the shorter side",
            "auto", choices, false};
}

}  // namespace misfire
