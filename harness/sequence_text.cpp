#include "harness/sequence_text.h"

#include <nlohmann/json.hpp>

#include "harness/terminal.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

std::string values_text(const std::vector<double>& values) {
    std::string text;
    for (const double value : values) text += (text.empty() ? "" : ", ") + level_label(value);
    return text;
}

std::string parameters_text(const SequenceInfo& info) {
    TextTable table({"parameter", "32 px", "224 px", "unit", "meaning"}, true);
    for (const SequenceParameter& parameter : info.parameters) {
        table.add({parameter.name, values_text(parameter.published.at("32")),
                   values_text(parameter.published.at("224")), parameter.unit,
                   parameter.meaning + (parameter.scales_with_side ? "; above 224 px times side / 224" : "")});
    }
    return table.text();
}

}  // namespace

std::string partner_text(const SequenceInfo& info) { return info.noise ? "the first frame" : "the frame before"; }

std::string sequence_text(const SequenceInfo& info) {
    std::string groups;
    for (const std::string& group : info.groups) groups += (groups.empty() ? "" : ", ") + group;
    return info.name + " (sequence): " + info.summary + "\n\ncategory    " + info.category + "\nacts on     image, " +
           (info.before_crop ? "resized but not cropped yet, so that what lies beyond the crop comes into view"
                             : "after the model's geometry") +
           "\nframes      " + std::to_string(info.frames.at("224")) + " as in ImageNet-P (224 px), " +
           std::to_string(info.frames.at("32")) + " as in CIFAR-10-P (32 px), interpolated between\npairs with  " +
           partner_text(info) +
           (info.noise ? "; difficulty 1 to 3 is stronger and stronger noise"
                       : "; at difficulty 2 and 3 the one so many frames before") +
           "\npublished   coded as films (ImageNet-P: x264), which is not imitated: frames here are exact" +
           (info.departs.empty() ? "" : "; " + info.departs) + "\nreference   " + info.reference +
           (groups.empty() ? "" : "\ngroups      " + groups) + "\n\n" + parameters_text(info) +
           "\nexample\n  shifts:\n    - {sequence: " + info.name + ", difficulty: 1}\n";
}

nlohmann::json sequence_json(const SequenceInfo& info) {
    nlohmann::json out = {{"name", info.name},
                          {"kind", "sequence"},
                          {"version", info.version},
                          {"summary", info.summary},
                          {"category", info.category},
                          {"groups", info.groups},
                          {"frames", info.frames},
                          {"pairs_with", partner_text(info)},
                          {"before_crop", info.before_crop},
                          {"departs", info.departs},
                          {"reference", info.reference},
                          {"parameters", nlohmann::json::array()}};
    for (const SequenceParameter& parameter : info.parameters) {
        out["parameters"].push_back({{"name", parameter.name},
                                     {"unit", parameter.unit},
                                     {"meaning", parameter.meaning},
                                     {"published", parameter.published}});
    }
    return out;
}

}  // namespace misfire
