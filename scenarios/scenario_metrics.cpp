#include "scenarios/scenario_metrics.h"

#include <algorithm>

#include "core/nearest_name.h"

namespace misfire {

namespace {

// `auroc:knn`; whether there is such a score is asked where scores are read.
bool is_of_score(const std::string& metric, const KnownMetrics& known) {
    const std::size_t colon = metric.find(':');
    return colon != std::string::npos && is_slug(metric.substr(colon + 1)) &&
           std::find(known.of_scores.begin(), known.of_scores.end(), metric.substr(0, colon)) != known.of_scores.end();
}

void read_reference_model(const YamlReader& root, const KnownMetrics& known_metrics, Scenario& scenario) {
    std::vector<std::string> models;
    for (const ModelSpec& model : scenario.models) models.push_back(model.name);
    if (root.has("reference_model")) {
        scenario.reference_model = root.at("reference_model").text();
        if (std::find(models.begin(), models.end(), scenario.reference_model) == models.end()) {
            root.at("reference_model")
                .fail("there is no model `" + scenario.reference_model + "` in this scenario." +
                      did_you_mean(scenario.reference_model, models));
        }
        return;
    }
    for (const std::string& metric : scenario.metrics) {
        const auto& ratios = known_metrics.to_reference;
        if (std::find(ratios.begin(), ratios.end(), metric) == ratios.end()) continue;
        root.at("metrics").fail(
            "`" + metric + "` is relative to a model of the run: say which one, `reference_model: " + models.front() +
            "`.");
    }
}

}  // namespace

void read_metrics(const YamlReader& root, const KnownMetrics& known_metrics, Scenario& scenario) {
    if (!root.has("metrics")) {
        scenario.metrics = known_metrics.by_default;
        scenario.default_metrics = true;
        read_reference_model(root, known_metrics, scenario);
        return;
    }
    std::vector<std::string> known = known_metrics.by_default;
    known.insert(known.end(), known_metrics.on_request.begin(), known_metrics.on_request.end());
    for (const std::string& family : known_metrics.of_scores) known.push_back(family + ":msp");
    for (const YamlReader& item : root.at("metrics").items()) {
        const std::string name = item.text();
        if (std::find(known.begin(), known.end(), name) == known.end() && !is_of_score(name, known_metrics)) {
            item.fail("there is no metric `" + name + "`." + did_you_mean(name, known));
        }
        if (std::find(scenario.metrics.begin(), scenario.metrics.end(), name) != scenario.metrics.end()) {
            item.fail("the metric `" + name + "` is there twice.");
        }
        scenario.metrics.push_back(name);
    }
    read_reference_model(root, known_metrics, scenario);
}

}  // namespace misfire
