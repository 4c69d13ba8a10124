#include "harness/score_setup.h"

#include <algorithm>

#include "core/error.h"
#include "scenarios/data/select.h"

namespace misfire {

namespace {

// A table's columns are said once, under `data`.
DataSpec fit_data_of(const Scenario& scenario) {
    DataSpec fit = scenario.fit->data;
    const DataSpec& data = scenario.data;
    const bool table = fit.form == DataSpec::Form::table || fit.form == DataSpec::Form::series;
    if (!table) return fit;
    if (fit.features.empty()) fit.features = data.features;
    if (fit.target_column.empty()) fit.target_column = data.target_column;
    if (fit.missing == "refuse") fit.missing = data.missing;
    fit.categories.insert(data.categories.begin(), data.categories.end());
    fit.window = std::max(fit.window, data.window);
    return fit;
}

// Place of each label among the scored outputs; -1 without one. Samples of classes that are not scored are left out of
// `selection` by the caller: they are marked with -2.
std::vector<std::int32_t> fit_targets(const Setup& setup, std::size_t model) {
    const Dataset& data = *setup.fit_data;
    if (!data.info().labelled) return {};
    std::int64_t highest = -1;
    for (const std::size_t i : setup.fit_selection) highest = std::max(highest, data.key(i).target.value_or(-1));
    const std::vector<std::int64_t> columns =
        class_columns(data.info(), setup.scenario.fit->data, setup.models[model]->info(), highest);
    const std::vector<std::int64_t>& scored = setup.targets[model].restricted_columns;
    std::vector<std::int32_t> targets;
    for (const std::size_t i : setup.fit_selection) {
        const std::int64_t label = data.key(i).target.value_or(-1);
        std::int64_t column = label < 0 ? -1 : columns[static_cast<std::size_t>(label)];
        if (column >= 0 && !scored.empty()) {
            const auto place = std::find(scored.begin(), scored.end(), column);
            column = place == scored.end() ? class_not_scored : place - scored.begin();
        }
        targets.push_back(static_cast<std::int32_t>(column));
    }
    return targets;
}

void open_fit_data(Setup& setup) {
    setup.fit_data = open_data(fit_data_of(setup.scenario));
    const bool table = setup.fit_data->table() != nullptr;
    if (table != (setup.data->table() != nullptr)) {
        throw ScenarioError(setup.scenario.file + ": fit: the fit set is " +
                            (table ? "a table and the data is images." : "images and the data is a table.") +
                            " Give samples of the same kind.");
    }
    setup.fit_selection = select_samples(*setup.fit_data, setup.scenario.fit->limit, setup.scenario.seed);
    if (setup.fit_selection.empty())
        throw DataError("The fit set " + setup.fit_data->info().name + " holds no samples.");
    for (std::size_t m = 0; m < setup.models.size(); ++m) setup.fit_targets.push_back(fit_targets(setup, m));
}

}  // namespace

void set_up_scores(Setup& setup) {
    if (setup.scenario.scores.empty()) return;
    if (setup.data->info().regression) {
        throw ScenarioError(
            setup.scenario.file +
            ": scores: the target of the data is a number, and scores are of classes. Leave out `scores` "
            "and the metrics of scores.");
    }
    bool wants_fit = false;
    for (std::size_t m = 0; m < setup.models.size(); ++m) {
        setup.scores.push_back(std::make_unique<ModelScores>(*setup.models[m], setup.scenario.scores,
                                                             setup.targets[m].restricted_columns));
        wants_fit = wants_fit || setup.scores.back()->wants_fit();
    }
    if (wants_fit) open_fit_data(setup);
}

std::vector<ScoreState> score_states(const Setup& setup) {
    std::vector<ScoreState> states;
    for (const auto& scores : setup.scores)
        states.insert(states.end(), scores->states().begin(), scores->states().end());
    return states;
}

}  // namespace misfire
