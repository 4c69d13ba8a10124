#include "scenarios/scenario_ood.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "core/nearest_name.h"
#include "perturbations/ood/registry.h"
#include "scenarios/data/slug.h"
#include "scenarios/emit_yaml.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_data.h"
#include "scenarios/scenario_perturb.h"
#include "scenarios/scenario_shifts.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

using Axis = OodSpec::Axis;

constexpr double default_fraction = 0.5;
constexpr const char* default_fractions = "0-1+0.25";

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : "+") + word;
    return text;
}

std::vector<std::string> generators_of(const YamlReader& node) {
    std::vector<std::string> names;
    for (const YamlReader& item : node.items()) {
        const std::string text = item.text();
        std::vector<std::string> members = expand_generated_group(text);
        if (find_generated_set(text) != nullptr) members = {text};
        if (members.empty()) {
            std::vector<std::string> known = expand_generated_group("all");
            for (const std::string& group : generated_groups()) known.push_back(group);
            item.fail("there is no generated set or group `" + text + "`." + did_you_mean(text, known) +
                      " `misfire list ood` shows all.");
        }
        names.insert(names.end(), members.begin(), members.end());
    }
    return names;
}

OodSet read_found_set(const YamlReader& node, const std::filesystem::path& folder) {
    OodSet set;
    set.data = read_data(node, folder, {"name", "only", "without"});
    if (set.data.form == DataSpec::Form::table || set.data.form == DataSpec::Form::series)
        node.fail("out-of-distribution sets are images; this is a table.");
    const std::filesystem::path& path = set.data.form == DataSpec::Form::npy ? set.data.npy : set.data.images;
    set.name = set.data.form == DataSpec::Form::zoo
                   ? set.data.zoo_name
                   : to_slug((path.has_filename() ? path : path.parent_path()).stem().string());
    if (!node.is_map()) return set;
    if (node.has("name")) set.name = node.at("name").text();
    if (!is_slug(set.name))
        node.at("name").fail("`" + set.name + "` cannot be a name: use letters, digits and . _ + - only.");
    if (node.has("only")) set.only = node.at("only").texts();
    if (node.has("without")) set.without = node.at("without").texts();
    return set;
}

std::vector<OodSet> read_sets(const YamlReader& node, const std::filesystem::path& folder) {
    std::vector<OodSet> sets;
    for (const YamlReader& item : node.items()) {
        if (item.is_map() && item.has("generated")) {
            item.allow({"generated"});
            for (const std::string& name : generators_of(item.at("generated"))) {
                OodSet& set = sets.emplace_back();
                set.kind = OodSet::Kind::generated;
                set.name = set.generator = name;
            }
        } else if (item.is_map() && item.has("held_out")) {
            item.allow({"held_out", "name"});
            OodSet& set = sets.emplace_back();
            set.kind = OodSet::Kind::held_out;
            set.held_out = item.at("held_out").texts();
            if (set.held_out.empty()) item.fail("name at least one class to hold out.");
            set.name = item.has("name") ? item.at("name").text() : to_slug("held_out." + joined(set.held_out));
        } else {
            sets.push_back(read_found_set(item, folder));
        }
    }
    if (sets.empty()) node.fail("name at least one set, such as {generated: perlin}.");
    return sets;
}

// Values of one axis, 0 (the clean data) left out.
std::vector<double> read_axis(const YamlReader& node, const char* key, double highest) {
    std::vector<double> values = read_severities(node.at(key));
    for (const double value : values) {
        if (value > highest) node.at(key).fail(level_label(value) + " is outside 0 to " + level_label(highest) + ".");
    }
    std::erase(values, 0.0);
    if (values.empty())
        node.at(key).fail("there is no value above 0: give some, such as 0-" + level_label(highest) + ".");
    return values;
}

// What an entry says of everything but its sets.
struct Axes {
    std::vector<double> fractions, blends = {1.0}, severities = {largest_generated_severity};
    Axis axis = Axis::fraction;
};

void choose_axis(const YamlReader& node, std::size_t id_severities, Axes& axes) {
    std::vector<Axis> several;
    if (axes.fractions.size() > 1) several.push_back(Axis::fraction);
    if (axes.blends.size() > 1) several.push_back(Axis::blend);
    if (axes.severities.size() > 1) several.push_back(Axis::severity);
    if (id_severities > 1) several.push_back(Axis::id_severity);
    if (several.size() > 1) {
        node.fail("the levels of a shift move along one axis, and both " + std::string(name_of(several[0])) + " and " +
                  name_of(several[1]) + " have several values: make two entries of it.");
    }
    if (!several.empty()) axes.axis = several.front();
    if (!axes.fractions.empty()) return;
    axes.fractions = several.empty() ? parse_sweep(default_fractions) : std::vector<double>{default_fraction};
    std::erase(axes.fractions, 0.0);
}

const std::vector<double>& levels_of(const Axes& axes, const OodSpec& spec) {
    switch (axes.axis) {
        case Axis::fraction: return axes.fractions;
        case Axis::blend: return axes.blends;
        case Axis::severity: return axes.severities;
        case Axis::id_severity: break;
    }
    return spec.id_perturb->severities;
}

// "digits", "digits.blend", "digits.blend0.5", "perlin.severity", "digits+fog3"
std::string default_name(const OodSpec& spec) {
    std::string name = spec.set.name;
    if (spec.axis == Axis::blend) name += ".blend";
    if (spec.axis != Axis::blend && spec.blend != 1.0) name += ".blend" + level_label(spec.blend);
    if (spec.axis == Axis::severity) name += ".severity";
    if (spec.axis != Axis::severity && spec.severity != largest_generated_severity)
        name += ".severity" + level_label(spec.severity);
    if (spec.id_perturb) name += "+" + spec.id_perturb->name;
    if (spec.id_perturb && spec.axis != Axis::id_severity) name += level_label(spec.id_severity);
    return name;
}

OodSpec make_spec(const YamlReader& node, const Axes& axes, const OodSet& set,
                  const std::optional<PerturbSpec>& id_perturb) {
    OodSpec spec;
    spec.set = set;
    spec.axis = axes.axis;
    spec.fraction = axes.fractions.back();
    spec.blend = axes.blends.back();
    spec.severity = axes.severities.back();
    spec.id_perturb = id_perturb;
    if (id_perturb) spec.id_severity = id_perturb->severities.back();
    spec.levels = levels_of(axes, spec);
    spec.name = node.at("ood").has("name") ? node.at("ood").at("name").text() : default_name(spec);
    if (!is_slug(spec.name))
        node.at("ood").fail("`" + spec.name + "` cannot be a name: use letters, digits and . _ + - only.");
    return spec;
}

}  // namespace

std::vector<OodSpec> read_ood(const YamlReader& node, const std::filesystem::path& folder,
                              std::vector<std::string>& notes) {
    node.allow({"ood"});
    const YamlReader ood = node.at("ood");
    ood.allow({"sets", "fractions", "blend", "severities", "id_perturb", "name"});
    const std::vector<OodSet> sets = read_sets(ood.at("sets"), folder);
    Axes axes;
    if (ood.has("fractions")) axes.fractions = read_axis(ood, "fractions", 1.0);
    if (ood.has("blend")) axes.blends = read_axis(ood, "blend", 1.0);
    if (ood.has("severities")) {
        axes.severities = read_axis(ood, "severities", largest_generated_severity);
        for (const OodSet& set : sets) {
            if (set.kind != OodSet::Kind::generated)
                ood.at("severities").fail("`" + set.name + "` is no generated set: only these have a severity.");
        }
    }
    std::vector<std::optional<PerturbSpec>> others;
    if (ood.has("id_perturb")) {
        for (PerturbSpec& spec : read_perturb(ood.at("id_perturb"), folder, notes))
            others.emplace_back(std::move(spec));
    } else {
        others.emplace_back(std::nullopt);
    }
    choose_axis(ood, others.front() ? others.front()->severities.size() : 0, axes);
    if (axes.axis != Axis::fraction && others.front() && axes.fractions.back() == 1.0)
        ood.at("id_perturb").fail("at a fraction of 1 no sample is left in distribution to be perturbed.");
    std::vector<OodSpec> specs;
    for (const OodSet& set : sets) {
        for (const auto& id_perturb : others) specs.push_back(make_spec(node, axes, set, id_perturb));
    }
    if (ood.has("name") && specs.size() != 1)
        ood.at("name").fail("names one shift, but `ood` gives " + std::to_string(specs.size()) + ".");
    return specs;
}

void emit_ood(YAML::Emitter& out, const OodSpec& shift) {
    const OodSet& set = shift.set;
    out << YAML::BeginMap << YAML::Key << "ood" << YAML::Value << YAML::BeginMap;
    emit_text(out, "name", shift.name);
    out << YAML::Key << "sets" << YAML::Value << YAML::BeginSeq << YAML::BeginMap;
    if (set.kind == OodSet::Kind::generated) emit_text(out, "generated", set.generator);
    if (set.kind == OodSet::Kind::held_out) emit_texts(out, "held_out", set.held_out);
    if (set.kind == OodSet::Kind::data) emit_data(out, set.data);
    if (set.kind != OodSet::Kind::generated) emit_text(out, "name", set.name);
    if (!set.only.empty()) emit_texts(out, "only", set.only);
    if (!set.without.empty()) emit_texts(out, "without", set.without);
    out << YAML::EndMap << YAML::EndSeq;
    const auto values = [&](Axis axis, double fixed) {
        return shift.axis == axis ? shift.levels : std::vector<double>{fixed};
    };
    emit_numbers(out, "fractions", values(Axis::fraction, shift.fraction));
    emit_numbers(out, "blend", values(Axis::blend, shift.blend));
    if (set.kind == OodSet::Kind::generated) emit_numbers(out, "severities", values(Axis::severity, shift.severity));
    if (shift.id_perturb) {
        out << YAML::Key << "id_perturb" << YAML::Value;
        emit_perturb(out, *shift.id_perturb);
    }
    out << YAML::EndMap << YAML::EndMap;
}

std::vector<std::string> held_out_classes(const Scenario& scenario) {
    std::set<std::string> classes;
    for (const ShiftSpec& shift : scenario.shifts) {
        if (const auto* ood = std::get_if<OodSpec>(&shift))
            classes.insert(ood->set.held_out.begin(), ood->set.held_out.end());
    }
    return {classes.begin(), classes.end()};
}

}  // namespace misfire
