#include "scenarios/scenario_scores.h"

#include <algorithm>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/score_settings.h"
#include "scenarios/emit_yaml.h"
#include "scenarios/scenario_data.h"
#include "scenarios/scenario_table.h"

namespace misfire {

namespace {

const ScoreInfo* find(const KnownMetrics& known, const std::string& name) {
    for (const ScoreInfo* info : known.scores) {
        if (info->name == name) return info;
    }
    return nullptr;
}

std::vector<std::string> names_of(const KnownMetrics& known) {
    std::vector<std::string> names;
    for (const ScoreInfo* info : known.scores) names.push_back(info->name);
    return names;
}

bool is_there(const std::vector<ScoreSpec>& scores, const std::string& name) {
    return std::any_of(scores.begin(), scores.end(), [&](const ScoreSpec& spec) { return spec.name == name; });
}

// `msp`, `{knn: {k: 100}}`, `{knn: {k: 100, name: knn_100}}`
ScoreSpec read_score(const YamlReader& item, const KnownMetrics& known) {
    ScoreSpec spec;
    std::map<std::string, std::string> options;
    if (item.is_map()) {
        const std::vector<std::string> keys = item.keys();
        if (keys.size() != 1) item.fail("one score is expected here, {name: {option: value, ..}}.");
        spec.score = keys.front();
        const YamlReader settings = item.at(spec.score);
        if (!settings.is_map()) settings.fail("options are expected here, {option: value, ..}.");
        for (const std::string& key : settings.keys()) options[key] = settings.at(key).text();
    } else {
        spec.score = item.text();
    }
    const ScoreInfo* info = find(known, spec.score);
    if (info == nullptr)
        item.fail("there is no score `" + spec.score + "`." + did_you_mean(spec.score, names_of(known)));
    spec.name = spec.score;
    if (const auto name = options.find("name"); name != options.end()) {
        spec.name = name->second;
        options.erase(name);
        if (!is_slug(spec.name) || (spec.name != spec.score && find(known, spec.name) != nullptr)) {
            item.fail(
                "`" + spec.name +
                "` cannot be the name of this score: use letters, digits and . _ + - only, and no other score's.");
        }
    }
    try {
        spec.settings = score_settings(*info, options);
    } catch (const UsageError& error) {
        item.fail(error.what());
    }
    return spec;
}

// Scores that metrics name: the part behind the colon.
void add_scores_of_metrics(const YamlReader& root, const KnownMetrics& known, Scenario& scenario) {
    for (const std::string& metric : scenario.metrics) {
        const std::size_t colon = metric.find(':');
        if (colon == std::string::npos) continue;
        const std::string name = metric.substr(colon + 1);
        if (is_there(scenario.scores, name)) continue;
        const ScoreInfo* info = find(known, name);
        if (info == nullptr) {
            std::vector<std::string> valid = names_of(known);
            for (const ScoreSpec& spec : scenario.scores) valid.push_back(spec.name);
            root.at("metrics").fail("the metric `" + metric + "` is of a score `" + name + "`, and there is none." +
                                    did_you_mean(name, valid));
        }
        scenario.scores.push_back({name, name, score_settings(*info, {})});
    }
}

FitSpec read_fit(const YamlReader& node, const std::filesystem::path& folder) {
    FitSpec fit;
    if (node.is_map() && node.has("limit"))
        fit.limit = static_cast<std::size_t>(node.at("limit").integer(1, INT64_MAX));
    const bool table = is_table_data(node);
    fit.data = read_data(table && fit.limit > 0 ? node.without("limit") : node, folder, {"limit"});
    return fit;
}

void require_fit(const YamlReader& root, const KnownMetrics& known, const Scenario& scenario) {
    if (scenario.fit) return;
    for (const ScoreSpec& spec : scenario.scores) {
        if (!find(known, spec.score)->fit) continue;
        root.fail("the score `" + spec.name +
                  "` is fitted on samples that are not tested, and none are named. Give them: `fit: {images: <folder>, "
                  "limit: 1000}`, or a data set of the zoo such as `fit: zoo:fashion_fit`.");
    }
}

}  // namespace

void read_scores(const YamlReader& root, const std::filesystem::path& folder, const KnownMetrics& known,
                 Scenario& scenario) {
    if (root.has("scores")) {
        for (const YamlReader& item : root.at("scores").items()) {
            if (item.is_scalar() && item.text() == "all") {
                for (const ScoreInfo* info : known.scores) {
                    if (!is_there(scenario.scores, info->name))
                        scenario.scores.push_back({info->name, info->name, score_settings(*info, {})});
                }
                continue;
            }
            ScoreSpec spec = read_score(item, known);
            if (is_there(scenario.scores, spec.name)) {
                item.fail("there is a score `" + spec.name + "` already: give this one a `name`, {" + spec.score +
                          ": {name: ..}}.");
            }
            scenario.scores.push_back(std::move(spec));
        }
    }
    add_scores_of_metrics(root, known, scenario);
    if (root.has("fit")) {
        scenario.fit = read_fit(root.at("fit"), folder);
        if (scenario.scores.empty())
            root.at("fit").fail("is there for scores, and this scenario has none. Name some: `scores: [energy, knn]`.");
    }
    require_fit(root, known, scenario);
}

void emit_scores(YAML::Emitter& out, const Scenario& scenario) {
    if (scenario.scores.empty()) return;
    out << YAML::Key << "scores" << YAML::Value << YAML::BeginSeq;
    for (const ScoreSpec& spec : scenario.scores) {
        std::map<std::string, std::string> options = spelled_out(spec.settings);
        options["name"] = spec.name;
        out << YAML::BeginMap << YAML::Key << spec.score << YAML::Value << YAML::Flow << options << YAML::EndMap;
    }
    out << YAML::EndSeq;
    if (!scenario.fit) return;
    out << YAML::Key << "fit" << YAML::Value << YAML::BeginMap;
    emit_data(out, scenario.fit->data);
    if (scenario.fit->limit > 0) out << YAML::Key << "limit" << YAML::Value << scenario.fit->limit;
    out << YAML::EndMap;
}

}  // namespace misfire
