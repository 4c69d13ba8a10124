#include "scenarios/scenario_shifts.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/scenario_ood.h"
#include "scenarios/scenario_perturb.h"
#include "scenarios/scenario_table.h"
#include "scenarios/sequence_yaml.h"
#include "scenarios/severities.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

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

std::vector<double> read_severities(const YamlReader& node) {
    std::string text;
    for (const YamlReader& item : node.items()) text += (text.empty() ? "" : ",") + item.text();
    try {
        return parse_sweep(text);
    } catch (const UsageError& error) {
        node.fail(error.what());
    }
}

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
        if (item.has("perturb") && names_table_family(item.at("perturb"))) {
            for (TablePerturbSpec& shift : read_table_perturb(item)) {
                if (!names.insert(shift.name).second)
                    item.fail("there is a shift `" + shift.name + "` already: give this one a `name`.");
                shifts.emplace_back(std::move(shift));
            }
        } else if (item.has("behaviour")) {
            shifts.emplace_back(read_behaviour(item, folder));
        } else if (item.has("calendar")) {
            shifts.emplace_back(read_calendar(item));
        } else if (item.has("perturb")) {
            for (PerturbSpec& shift : read_perturb(item, folder, notes)) {
                if (!names.insert(shift.name).second)
                    item.fail("there is a shift `" + shift.name + "` already: give this one a `name`.");
                shifts.emplace_back(std::move(shift));
            }
        } else if (item.has("sequence")) {
            for (SequenceSpec& shift : read_sequences(item)) {
                if (!names.insert(shift.name).second)
                    item.fail("there is a shift `" + shift.name + "` already: give this one a `name`.");
                shifts.emplace_back(std::move(shift));
            }
        } else if (item.has("ood")) {
            for (OodSpec& shift : read_ood(item, folder, notes)) {
                if (!names.insert(shift.name).second)
                    item.fail("there is a shift `" + shift.name + "` already: give this one a `name`.");
                shifts.emplace_back(std::move(shift));
            }
        } else if (item.has("files")) {
            shifts.emplace_back(read_files(item, folder));
        } else {
            const std::vector<std::string> kinds = {"perturb", "files", "ood", "sequence", "behaviour", "calendar"};
            const std::vector<std::string> given = item.keys();
            item.fail("this shift has no kind." + (given.empty()
                                                       ? " Known: perturb, files, ood, sequence, behaviour, calendar."
                                                       : did_you_mean(given.front(), kinds)));
        }
    }
    if (shifts.empty()) node.fail("name at least one shift, such as {perturb: noise, severities: 0-5}.");
    return shifts;
}

}  // namespace misfire
