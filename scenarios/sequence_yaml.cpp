#include "scenarios/sequence_yaml.h"

#include <algorithm>

#include "core/nearest_name.h"
#include "perturbations/sequences/registry.h"
#include "perturbations/sequences/schedule.h"
#include "scenarios/scenario.h"

namespace misfire {

namespace {

std::vector<std::string> read_names(const YamlReader& node) {
    std::vector<std::string> names;
    for (const YamlReader& item : node.items()) {
        const std::string name = item.text();
        if (find_sequence(name) != nullptr) {
            names.push_back(name);
            continue;
        }
        const std::vector<std::string> members = expand_sequence_group(name);
        if (members.empty()) {
            std::vector<std::string> known = sequence_groups();
            for (const auto& sequence : sequences()) known.push_back(sequence->info().name);
            item.fail("there is no sequence or group `" + name + "`." + did_you_mean(name, known) +
                      " `misfire list sequences` shows all.");
        }
        names.insert(names.end(), members.begin(), members.end());
    }
    if (names.empty()) node.fail("name at least one sequence, such as imagenet-p.");
    return names;
}

// 0 for "published".
int read_frames(const YamlReader& node) {
    if (!node.has("frames") || (node.at("frames").is_scalar() && node.at("frames").text() == "published")) return 0;
    int most = 0;
    for (const auto& sequence : sequences()) most = std::max(most, published_frames(sequence->info(), 224));
    return static_cast<int>(node.at("frames").integer(2, most));
}

}  // namespace

std::vector<SequenceSpec> read_sequences(const YamlReader& node) {
    node.allow({"sequence", "difficulty", "frames", "name"});
    const std::vector<std::string> names = read_names(node.at("sequence"));
    if (node.has("name") && names.size() != 1)
        node.at("name").fail("names one shift, but `sequence` gives " + std::to_string(names.size()) + ".");
    const int difficulty = node.has("difficulty") ? static_cast<int>(node.at("difficulty").integer(1, 3)) : 1;
    const int frames = read_frames(node);
    std::vector<SequenceSpec> specs;
    for (const std::string& name : names) {
        SequenceSpec spec{.name = node.has("name") ? node.at("name").text() : name + "-p",
                          .sequence = name,
                          .difficulty = difficulty,
                          .frames = frames};
        if (!is_slug(spec.name))
            node.at("name").fail("`" + spec.name + "` cannot be a name: use letters, digits and . _ + - only.");
        const SequenceInfo& info = find_sequence(name)->info();
        const int most = published_frames(info, 224);
        if (frames > most) {
            node.at("frames").fail("the sequence `" + name + "` has " + std::to_string(most) +
                                   " frames: give as many or fewer.");
        }
        if (frames != 0 && !info.noise && frames <= difficulty) {
            node.at("frames").fail("at difficulty " + std::to_string(difficulty) +
                                   " a frame is compared with the one " + std::to_string(difficulty) +
                                   " before it: give more frames than that.");
        }
        specs.push_back(std::move(spec));
    }
    return specs;
}

void emit_sequence(YAML::Emitter& out, const SequenceSpec& shift) {
    out << YAML::BeginMap << YAML::Key << "sequence" << YAML::Value << shift.sequence << YAML::Key << "name"
        << YAML::Value << shift.name << YAML::Key << "difficulty" << YAML::Value << shift.difficulty << YAML::Key
        << "frames" << YAML::Value;
    if (shift.frames == 0)
        out << "published";
    else
        out << shift.frames;
    out << YAML::EndMap;
}

}  // namespace misfire
