#include "harness/verbs/describe_score.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "core/score_settings.h"

namespace misfire {

namespace {

nlohmann::json json_of(const ScoreInfo& info) {
    nlohmann::json out = {{"name", info.name},           {"summary", info.summary},
                          {"needs", needs_of(info)},     {"fit", info.fit},
                          {"labels", info.labels},       {"version", info.version},
                          {"reference", info.reference}, {"options", nlohmann::json::array()}};
    for (const ScoreOption& option : info.options) {
        out["options"].push_back({{"name", option.name},
                                  {"meaning", option.meaning},
                                  {"default", option.default_value},
                                  {"range", range_text(option)},
                                  {"choices", option.choices},
                                  {"usual", option.usual}});
    }
    return out;
}

std::string example_of(const ScoreInfo& info) {
    std::string text = "\nexample\n  scores: [";
    if (info.options.empty()) {
        text += info.name;
    } else {
        text += "{" + info.name + ": {" + info.options.front().name + ": " + info.options.front().default_value + "}}";
    }
    return text + "]\n" + (info.fit ? "  fit: zoo:fashion_fit\n" : "");
}

}  // namespace

std::string needs_of(const ScoreInfo& info) {
    std::string text = info.logits_themselves ? "logits" : info.features ? "" : "probabilities";
    const auto add = [&text](const char* more) { text += (text.empty() ? "" : ", ") + std::string(more); };
    if (info.features) add("features");
    if (info.classifier) add("last layer");
    if (info.gradient) add("gradient");
    if (info.fit) add(info.labels ? "fit set with labels" : "fit set");
    return text;
}

void describe_score(const ScoreInfo& info, bool json) {
    if (json) {
        std::cout << json_of(info).dump(2) << "\n";
        return;
    }
    std::cout << info.name << ": " << info.summary << "\n\ncolumn     score_" << info.name
              << ", one number per sample; higher: more in-distribution\nneeds      " << needs_of(info)
              << "\nreference  " << info.reference << "\n";
    if (!info.options.empty()) std::cout << "\noptions\n";
    for (const ScoreOption& option : info.options) {
        std::cout << "  " << option.name << " (default " << option.default_value << ", " << range_text(option)
                  << (option.usual.empty() ? "" : ", papers try " + option.usual) << "): " << option.meaning << "\n";
    }
    std::cout << example_of(info);
}

}  // namespace misfire
