#include "harness/corrupt/settings.h"

#include <yaml-cpp/yaml.h>

#include "harness/environment.h"
#include "scenarios/data/select.h"

namespace misfire {

namespace {

std::string format_text(const CorruptOptions& options) {
    const std::string name = corrupt_format_names()[static_cast<std::size_t>(options.format)];
    return options.format == CorruptFormat::jpeg ? name + " of quality " + std::to_string(options.quality) : name;
}

std::string geometry_text(const Scenario& scenario, const CorruptOptions& options) {
    const Geometry geometry = scenario.input.geometry.value_or(Geometry{});
    switch (geometry.kind) {
        case Geometry::Kind::none: break;
        case Geometry::Kind::exact:
            return "size " + std::to_string(geometry.height) + " x " + std::to_string(geometry.width);
        case Geometry::Kind::shorter_side_then_crop:
            return "resize " + std::to_string(geometry.resize) + ", crop " + std::to_string(geometry.crop) +
                   (options.keep_final_size ? ", unless it has that size" : "");
    }
    return "none";
}

}  // namespace

std::map<std::string, std::string> corrupt_identity(const Dataset& data, const Scenario& scenario,
                                                    const std::vector<std::unique_ptr<Shift>>& shifts,
                                                    const CorruptOptions& options) {
    const std::map<std::string, std::string> libraries = library_versions();
    std::map<std::string, std::string> identity = {
        {"seed", std::to_string(scenario.seed)},
        {"images (ids and labels)", manifest_sha256(data)},
        {"format", format_text(options)},
        {"geometry", geometry_text(scenario, options)},
        {"severity 0", options.clean ? "written" : "left out"},
        {"misfire", libraries.at("misfire_version") + " (sources " + libraries.at("source_sha256").substr(0, 12) + ")"},
        {"OpenCV", libraries.at("opencv")},
        {"instruction set", libraries.at("isa")}};
    for (std::size_t s = 0; s < shifts.size(); ++s) {
        const ShiftInfo& info = shifts[s]->info();
        std::string levels;
        for (std::size_t level = 1; level < info.levels.size(); ++level)
            levels += (level == 1 ? "" : ",") + info.levels[level].label;
        const auto* perturb = std::get_if<PerturbSpec>(&scenario.shifts[s]);
        const bool independent = perturb != nullptr && perturb->independent_levels;
        identity["perturbation " + info.name] =
            info.version + " at severities " + levels + (independent ? ", each with draws of its own" : "");
    }
    return identity;
}

std::string corrupt_settings(const ImageInput& input, const Scenario& scenario, const CorruptOptions& options) {
    const std::map<std::string, std::string> libraries = library_versions();
    const YAML::Node effective = YAML::Load(to_yaml(scenario, false));
    YAML::Emitter out;
    out << YAML::Comment("What made the files in this folder. seed, data, input and shifts are keys of a scenario.");
    out << YAML::BeginMap;
    out << YAML::Key << "command" << YAML::Value << options.command;
    out << YAML::Key << "format" << YAML::Value << format_text(options);
    out << YAML::Key << "geometry" << YAML::Value << geometry_text(scenario, options);
    out << YAML::Key << "made_with" << YAML::Value << YAML::BeginMap;
    for (const char* key : {"misfire_version", "source_sha256", "opencv", "isa"})
        out << YAML::Key << key << YAML::Value << libraries.at(key);
    out << YAML::EndMap;
    out << YAML::Key << "seed" << YAML::Value << effective["seed"];
    out << YAML::Key << "data" << YAML::Value;
    if (input.file.empty())
        out << effective["data"];
    else
        out << input.file.string();
    if (effective["input"]) out << YAML::Key << "input" << YAML::Value << effective["input"];
    out << YAML::Key << "shifts" << YAML::Value << effective["shifts"];
    out << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

}  // namespace misfire
