#include "harness/ood.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <unordered_map>

#include "core/error.h"
#include "results/metrics/score_metric.h"
#include "scenarios/data/class_filter.h"
#include "scenarios/data/select.h"
#include "scenarios/data/views.h"
#include "scenarios/scenario_ood.h"
#include "scenarios/shifts/ood_shift.h"

namespace misfire {

namespace {

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "`" : ", `") + word + "`";
    return text;
}

// Digest -> id of an image that some shift shows, and the shift.
struct Shown {
    std::string id;
    std::string shift;
};

std::unordered_map<std::uint64_t, Shown> shown_images(const Setup& setup) {
    std::unordered_map<std::uint64_t, Shown> shown;
    for (const auto& shift : setup.shifts) {
        for (const OodImage& image : found_images(*shift)) {
            if (image.digest != 0) shown.try_emplace(image.digest, Shown{image.id, shift->info().name});
        }
    }
    return shown;
}

}  // namespace

std::unique_ptr<Dataset> open_known_data(const Scenario& scenario) {
    std::unique_ptr<Dataset> data = open_data(scenario.data);
    const std::vector<std::string> held_out = held_out_classes(scenario);
    return held_out.empty() ? std::move(data) : without_classes(std::move(data), held_out);
}

void hold_out_outputs(const Scenario& scenario, const ModelInfo& model, TargetMap& map) {
    const std::vector<std::string> held_out = held_out_classes(scenario);
    if (held_out.empty()) return;
    if (model.class_names.empty()) {
        throw ScenarioError(scenario.file + ": held_out: which outputs of " + model.name +
                            " stand for the classes held out is not known. Name `classes` in the model's card.");
    }
    if (!map.restricted_columns.empty()) {
        throw ScenarioError(scenario.file +
                            ": held_out: `restrict` chooses the outputs already. Take the classes out "
                            "of the class map instead.");
    }
    std::vector<std::int32_t> place(static_cast<std::size_t>(map.classes), -1);
    for (std::int64_t output = 0; output < map.classes; ++output) {
        const std::string& name = model.class_names[static_cast<std::size_t>(output)];
        if (std::find(held_out.begin(), held_out.end(), name) != held_out.end()) continue;
        place[static_cast<std::size_t>(output)] = static_cast<std::int32_t>(map.restricted_columns.size());
        map.restricted_columns.push_back(output);
    }
    if (map.restricted_columns.size() < 2) {
        throw ScenarioError(scenario.file + ": held_out: " + join(held_out) + " leave " + model.name +
                            " fewer than two classes to choose from. Hold out fewer.");
    }
    for (std::int32_t& target : map.targets) {
        if (target >= 0) target = place[static_cast<std::size_t>(target)];
    }
    map.classes = static_cast<std::int64_t>(map.restricted_columns.size());
}

void refuse_overlap(const Setup& setup) {
    const std::unordered_map<std::uint64_t, Shown> shown = shown_images(setup);
    if (shown.empty()) return;
    std::vector<std::uint64_t> digests(setup.selection.size(), 0);
    tbb::parallel_for(std::size_t{0}, digests.size(), [&](std::size_t i) {
        const MemoryView::Entry entry = read_entry(*setup.data, setup.selection[i]);
        if (entry.bad.empty()) digests[i] = pixels_digest(entry.sample.image);
    });
    std::size_t hits = 0, first = 0;
    for (std::size_t i = digests.size(); i-- > 0;) {
        if (!shown.contains(digests[i])) continue;
        ++hits;
        first = i;
    }
    if (hits == 0) return;
    const Shown& same = shown.at(digests[first]);
    throw DataError(std::to_string(hits) + " of the " + std::to_string(digests.size()) +
                    " images of the run are in the out-of-distribution set of `" + same.shift +
                    "`, too: " + setup.data->key(setup.selection[first]).id + " is " + same.id +
                    " there, pixel for pixel. What the model knows cannot be unknown: take them out of the set "
                    "(`only`, `without`), or take another set.");
}

std::vector<std::string> default_ood_metrics(const Scenario& scenario) {
    const bool any = std::any_of(scenario.shifts.begin(), scenario.shifts.end(),
                                 [](const ShiftSpec& shift) { return std::holds_alternative<OodSpec>(shift); });
    if (!any) return {};
    std::vector<std::string> scores;
    for (const ScoreSpec& score : scenario.scores) scores.push_back(score.name);
    if (scores.empty()) scores.emplace_back("msp");
    std::vector<std::string> names = {"ood_mean_confidence"};
    for (const std::string& score : scores) {
        for (const std::string& metric : metrics_of_score(score)) names.push_back(metric);
    }
    return names;
}

}  // namespace misfire
