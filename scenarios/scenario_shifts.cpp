#include "scenarios/scenario_shifts.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "perturbations/registry.h"
#include "scenarios/sequence_yaml.h"
#include "scenarios/severities.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

std::vector<double> read_severities(const YamlReader& node) {
    std::string text;
    for (const YamlReader& item : node.items()) text += (text.empty() ? "" : ",") + item.text();
    try {
        return parse_sweep(text);
    } catch (const UsageError& error) {
        node.fail(error.what());
    }
}

// "fog", "noise" (a group), "fog+jpeg_compression" -> chains of one or more unit names.
std::vector<std::vector<std::string>> read_chains(const YamlReader& node, const Options& options,
                                                  std::vector<std::string>& notes) {
    std::vector<std::vector<std::string>> chains;
    for (const YamlReader& item : node.items()) {
        const std::vector<std::string> parts = split(item.text(), '+');
        if (parts.size() == 1 && find_perturbation(parts[0]) == nullptr) {
            const std::vector<std::string> groups = perturbation_groups();
            if (std::find(groups.begin(), groups.end(), parts[0]) != groups.end()) {
                for (const std::string& name : expand_group(parts[0], options)) chains.push_back({name});
                for (const std::string& name : left_out_of_group(parts[0], options)) {
                    notes.push_back("`" + parts[0] + "` goes without `" + name +
                                    "`, which lacks an option it requires; see misfire describe " + name);
                }
                continue;
            }
        }
        for (const std::string& part : parts) {
            if (find_perturbation(part) != nullptr) continue;
            std::vector<std::string> known = perturbation_groups();
            for (const PerturbationEntry& entry : perturbations()) known.push_back(entry.info().name);
            item.fail("there is no perturbation or group `" + part + "`." + did_you_mean(part, known) +
                      " `misfire list perturbations` shows all.");
        }
        chains.push_back(parts);
    }
    return chains;
}

// The options of one unit, those not given at their defaults, so that the effective scenario spells them out.
Options options_for(const PerturbationInfo& info, const Options& given) {
    Options own;
    for (const Option& option : info.options) {
        const auto found = given.find(option.name);
        own[option.name] = found == given.end() ? option.default_value : found->second;
    }
    return own;
}

PerturbSpec make_perturb_spec(const YamlReader& node, const std::vector<std::string>& names,
                              const std::vector<double>& severities, const Options& options) {
    PerturbSpec spec;
    for (const std::string& name : names) {
        spec.name += (spec.name.empty() ? "" : "+") + name;
        const PerturbationInfo info = find_perturbation(name)->info();
        spec.chain.emplace_back(name, options_for(info, options));
        if (severities.back() > info.max_severity) {
            node.at("severities")
                .fail("severity " + level_label(severities.back()) + " is beyond the maximum of " + name +
                      ", which is " + level_label(info.max_severity) + ".");
        }
    }
    for (const double severity : severities) {
        if (severity > 0.0) spec.severities.push_back(severity);
    }
    if (spec.severities.empty())
        node.at("severities").fail("there is no level above 0 (the clean data): give some, such as 0-5.");
    return spec;
}

void refuse_unknown_options(const YamlReader& node, const Options& options,
                            const std::vector<std::vector<std::string>>& chains) {
    for (const auto& [key, value] : options) {
        std::vector<std::string> known;
        for (const std::vector<std::string>& chain : chains) {
            for (const std::string& name : chain) {
                for (const Option& option : find_perturbation(name)->info().options) known.push_back(option.name);
            }
        }
        std::sort(known.begin(), known.end());
        known.erase(std::unique(known.begin(), known.end()), known.end());
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        node.at("options").fail("no perturbation named here has an option `" + key + "`." +
                                (known.empty() ? std::string(" They have none.") : did_you_mean(key, known)));
    }
}

std::vector<ShiftSpec> read_perturb(const YamlReader& node, std::vector<std::string>& notes) {
    node.allow({"perturb", "severities", "options", "name", "independent_levels"});
    const std::vector<double> severities =
        node.has("severities") ? read_severities(node.at("severities")) : parse_sweep("0-5");
    Options options;
    if (node.has("options")) {
        const YamlReader table = node.at("options");
        if (!table.is_map()) table.fail("a mapping of option to value is expected here.");
        for (const std::string& key : table.keys()) options[key] = table.at(key).text();
    }
    const std::vector<std::vector<std::string>> chains = read_chains(node.at("perturb"), options, notes);
    refuse_unknown_options(node, options, chains);
    if (node.has("name") && chains.size() != 1)
        node.at("name").fail("names one shift, but `perturb` gives " + std::to_string(chains.size()) + ".");
    std::vector<ShiftSpec> shifts;
    for (const std::vector<std::string>& chain : chains) {
        PerturbSpec spec = make_perturb_spec(node, chain, severities, options);
        if (node.has("name")) spec.name = node.at("name").text();
        if (!is_slug(spec.name))
            node.at("name").fail("`" + spec.name + "` cannot be a name: use letters, digits and . _ + - only.");
        if (node.has("independent_levels")) spec.independent_levels = node.at("independent_levels").boolean();
        for (const auto& [name, own] : spec.chain) {
            try {
                make_perturbation(name, own);
            } catch (const Error& error) {
                node.fail(error.what());
            }
        }
        shifts.emplace_back(std::move(spec));
    }
    return shifts;
}

FilesSpec read_files(const YamlReader& node, const fs::path& folder) {
    node.allow({"files"});
    const YamlReader files = node.at("files");
    files.allow({"root", "form", "names", "severities"});
    FilesSpec spec;
    spec.root = absolute_path(files.at("root").text(), folder);
    const std::string form = files.at("form").choice({"cifar-c", "imagenet-c", "folders"});
    spec.form = form == "cifar-c"      ? FilesSpec::Form::cifar_c
                : form == "imagenet-c" ? FilesSpec::Form::imagenet_c
                                       : FilesSpec::Form::folders;
    if (files.has("names")) spec.names = files.at("names").texts();
    if (files.has("severities")) spec.severities = read_severities(files.at("severities"));
    return spec;
}

}  // namespace

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

std::string absolute_path(const std::string& text, const fs::path& folder) {
    const fs::path path(text);
    return (path.is_absolute() ? path : folder / path).lexically_normal().string();
}

std::vector<ShiftSpec> read_shifts(const YamlReader& node, const fs::path& folder, std::vector<std::string>& notes) {
    std::vector<ShiftSpec> shifts;
    std::set<std::string> names = {"clean"};
    for (const YamlReader& item : node.items()) {
        if (item.has("perturb")) {
            for (ShiftSpec& shift : read_perturb(item, notes)) {
                const std::string& name = std::get<PerturbSpec>(shift).name;
                if (!names.insert(name).second)
                    item.fail("there is a shift `" + name + "` already: give this one a `name`.");
                shifts.push_back(std::move(shift));
            }
        } else if (item.has("sequence")) {
            for (SequenceSpec& shift : read_sequences(item)) {
                if (!names.insert(shift.name).second)
                    item.fail("there is a shift `" + shift.name + "` already: give this one a `name`.");
                shifts.emplace_back(std::move(shift));
            }
        } else if (item.has("files")) {
            shifts.emplace_back(read_files(item, folder));
        } else {
            const std::vector<std::string> kinds = {"perturb", "files", "sequence"};
            const std::vector<std::string> given = item.keys();
            item.fail("this shift has no kind." +
                      (given.empty() ? " Known: perturb, files, sequence." : did_you_mean(given.front(), kinds)));
        }
    }
    if (shifts.empty()) node.fail("name at least one shift, such as {perturb: noise, severities: 0-5}.");
    return shifts;
}

}  // namespace misfire
